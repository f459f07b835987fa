//! The one list of everything the product can do.
//!
//! A line is a command: its kind (`read`, or `write` with the rooms it changes), name, request and answer. The macro makes
//! the dispatcher that every shell calls and the TypeScript signatures the window compiles against. Adding a command is one
//! line here and one function in its room.

use serde_json::Value;

use crate::page::Page;
use crate::workspace::Nothing;
use crate::{
    App, Failure, demonstration, ledger, notices, people, registry, runs, settings, workflow, workspace,
};

/// A command as the list has it.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// `room.name`.
    pub name: &'static str,
    /// Rooms it changes; empty for a read.
    pub changes: &'static [&'static str],
}

macro_rules! commands {
    ($($room:ident { $($kind:ident $name:ident ($request:ty) -> $answer:ty $([$($changed:literal),*])?;)* })*) => {
        /// Every command, in the order of the list.
        pub const COMMANDS: &[Command] = &[$($(
            Command {
                name: concat!(stringify!($room), ".", stringify!($name)),
                changes: &[$($($changed),*)?],
            },
        )*)*];

        pub(crate) async fn dispatch(app: &App, command: &str, request: Value) -> Result<Value, Failure> {
            match command {
                $($(concat!(stringify!($room), ".", stringify!($name)) => {
                    let request: $request = serde_json::from_value(request).map_err(|cause| Failure::usage(command, &cause))?;
                    let answer: $answer = $room::$name(app, request).await?;
                    serde_json::to_value(answer).map_err(|cause| Failure::internal("the answer has no JSON form", &cause))
                })*)*
                _ => Err(Failure::no_such_command(command)),
            }
        }

        /// Writes the TypeScript types of every request and answer below `config`'s folder, and returns the source of
        /// `commands.ts`: one signature a command.
        ///
        /// # Errors
        /// When a file cannot be written.
        pub fn typescript(config: &ts_rs::Config) -> Result<String, ts_rs::ExportError> {
            let mut lines = String::new();
            let mut imports = std::collections::BTreeSet::new();
            $($(
                crate::bindings::export::<$request>(config)?;
                crate::bindings::export::<$answer>(config)?;
                imports.extend(crate::bindings::names::<$request>(config));
                imports.extend(crate::bindings::names::<$answer>(config));
                lines.push_str(&format!(
                    "  \"{}.{}\": {{ request: {}; answer: {}; changes: [{}] }};\n",
                    stringify!($room), stringify!($name),
                    <$request as ts_rs::TS>::name(config), <$answer as ts_rs::TS>::name(config),
                    <[&str]>::join(&[$($(concat!("\"", $changed, "\"")),*)?], ", "),
                ));
            )*)*
            Ok(crate::bindings::commands_source(&imports, &lines))
        }
    };
}

commands! {
    workspace {
        read status(Nothing) -> workspace::WorkspaceStatus;
        write create(workspace::CreateWorkspace) -> workspace::WorkspaceStatus ["workspace"];
        write open(workspace::OpenAt) -> workspace::WorkspaceStatus ["workspace"];
        write close(Nothing) -> workspace::WorkspaceStatus ["workspace"];
        write act_as(workspace::ActAs) -> workspace::WorkspaceStatus ["workspace"];
        read verify(Nothing) -> workspace::VerifyReport;
        write refresh(Nothing) -> workspace::WorkspaceStatus ["workspace"];
    }
    people {
        read list(Nothing) -> people::People;
        write add_member(people::AddMember) -> registry::Recorded ["people"];
        write grant(people::ChangeRoles) -> registry::Recorded ["people"];
        write revoke(people::ChangeRoles) -> registry::Recorded ["people"];
        write revoke_key(people::RevokeKey) -> registry::Recorded ["people"];
    }
    registry {
        read list_projects(registry::ListProjects) -> Page<registry::ProjectRow>;
        write create_project(registry::CreateProject) -> registry::Recorded ["registry"];
        read show_project(registry::ProjectOf) -> registry::ProjectPage;
        read list_models(registry::ListModels) -> Page<registry::ModelRow>;
        read inspect_package(registry::InspectPackage) -> registry::PackageReading;
        write import_package(registry::ImportPackage) -> registry::Registered ["registry"];
        read show_version(registry::VersionOf) -> registry::VersionPage;
        read read_file(registry::ReadFile) -> registry::FileContents;
        read figure(registry::FigureOf) -> registry::Figure;
        read compare(registry::CompareVersions) -> registry::Comparison;
        write set_champion(registry::PlaceVersion) -> registry::Recorded ["registry"];
        write set_challenger(registry::PlaceVersion) -> registry::Recorded ["registry"];
        write clear_place(registry::PlaceVersion) -> registry::Recorded ["registry"];
    }
    workflow {
        read templates(Nothing) -> Vec<workflow::TemplateRow>;
        write import_definition(workflow::ImportDefinition) -> workflow::DefinitionPage ["workflow"];
        read list_definitions(Nothing) -> Vec<workflow::DefinitionRow>;
        read show_definition(workflow::DefinitionOf) -> workflow::DefinitionPage;
        read export(workflow::ExportDefinition) -> Nothing;
        write bind(workflow::BindDefinition) -> workflow::DefinitionPage ["workflow"];
        write start(workflow::StartInstance) -> registry::Recorded ["workflow"];
        read list_instances(workflow::ListInstances) -> Page<workflow::InstanceRow>;
        read show_instance(workflow::InstanceOf) -> workflow::InstancePage;
        write retry(workflow::IncidentOf) -> registry::Recorded ["workflow"];
        write skip(workflow::IncidentOf) -> registry::Recorded ["workflow"];
        write cancel(workflow::CancelInstance) -> registry::Recorded ["workflow"];
        write set_variables(workflow::SetVariables) -> registry::Recorded ["workflow"];
        write comment(workflow::AddComment) -> registry::Recorded ["workflow"];
        read list_tasks(workflow::ListTasks) -> Page<workflow::TaskRow>;
        read show_task(workflow::TaskOf) -> workflow::TaskPage;
        write claim(workflow::TaskOf) -> registry::Recorded ["workflow"];
        write release(workflow::TaskOf) -> registry::Recorded ["workflow"];
        write assign(workflow::AssignTask) -> registry::Recorded ["workflow"];
        write complete(workflow::CompleteTask) -> registry::Recorded ["workflow"];
        write keep_draft(workflow::KeepDraft) -> Nothing;
    }
    runs {
        read list(runs::ListRuns) -> Page<runs::RunRow>;
        read show(runs::RunOf) -> runs::RunPage;
        read log(runs::ReadLog) -> runs::LogChunk;
        write cancel(runs::RunOf) -> registry::Recorded ["runs"];
        write submit(runs::SubmitRun) -> registry::Recorded ["runs"];
        write migrate(runs::MigrateVersion) -> registry::Recorded ["runs"];
        read targets(Nothing) -> Vec<runs::TargetRow>;
    }
    ledger {
        read list(ledger::ListEntries) -> Page<ledger::EntryRow>;
        read show(ledger::EntryOf) -> ledger::EntryRow;
    }
    notices {
        read list(notices::ListNotices) -> Page<notices::NoticeRow>;
        write mark_read(notices::MarkRead) -> Nothing ["notices"];
    }
    settings {
        read show(Nothing) -> settings::Settings;
        write change(settings::Settings) -> settings::Settings ["settings"];
    }
    demonstration {
        write prepare(Nothing) -> workspace::WorkspaceStatus ["workspace"];
        write play(demonstration::PlayStory) -> demonstration::StoryState ["workspace"];
    }
}
