//! The one list of everything the product can do.
//!
//! A line is a command: its kind (`read`, or `write` with the rooms it changes), name, request and answer. The macro makes
//! the dispatcher that every shell calls and the TypeScript signatures the window compiles against. Adding a command is one
//! line here and one function in its room.

use serde_json::Value;

use crate::page::Page;
use crate::workspace::Nothing;
use crate::{
    App, Failure, demonstration, ledger, monitoring, notices, people, registry, runs, search, settings,
    workflow, workspace,
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
        read export(workspace::ExportWorkspace) -> workspace::Exported;
        read invite(Nothing) -> workspace::Invitation;
        write refresh(Nothing) -> workspace::WorkspaceStatus ["workspace"];
    }
    people {
        read list(Nothing) -> people::People;
        write add_member(people::AddMember) -> registry::Recorded ["people"];
        write create_key(people::CreateKey) -> people::KeyMade ["people"];
        write enrol_key(people::EnrolKey) -> registry::Recorded ["people"];
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
        write export(workflow::ExportDefinition) -> Nothing;
        write bind(workflow::BindDefinition) -> workflow::DefinitionPage ["workflow"];
        write disable_definition(workflow::SwitchDefinition) -> registry::Recorded ["workflow"];
        write enable_definition(workflow::SwitchDefinition) -> registry::Recorded ["workflow"];
        read list_connections(Nothing) -> Vec<workflow::ConnectionRow>;
        write allow_connection(workflow::AllowConnection) -> registry::Recorded ["workflow"];
        write withdraw_connection(workflow::WithdrawConnection) -> registry::Recorded ["workflow"];
        write keep_credential(workflow::KeepCredential) -> Nothing ["workflow"];
        write start(workflow::StartInstance) -> registry::Recorded ["workflow"];
        write arm(workflow::StartInstance) -> registry::Recorded ["workflow"];
        write disarm(workflow::SelfStartOf) -> registry::Recorded ["workflow"];
        read list_instances(workflow::ListInstances) -> Page<workflow::InstanceRow>;
        read show_instance(workflow::InstanceOf) -> workflow::InstancePage;
        write retry(workflow::IncidentOf) -> registry::Recorded ["workflow"];
        write skip(workflow::IncidentOf) -> registry::Recorded ["workflow"];
        write cancel(workflow::CancelInstance) -> registry::Recorded ["workflow"];
        write deliver(workflow::DeliverEvent) -> registry::Recorded ["workflow"];
        write turn(workflow::TurnInstance) -> registry::Recorded ["workflow"];
        write set_variables(workflow::SetVariables) -> registry::Recorded ["workflow"];
        read plan_migration(workflow::PlanMigration) -> workflow::MigrationPlan;
        write migrate_instance(workflow::MigrateInstance) -> registry::Recorded ["workflow"];
        write comment(workflow::AddComment) -> registry::Recorded ["workflow"];
        read list_tasks(workflow::ListTasks) -> Page<workflow::TaskRow>;
        read show_task(workflow::TaskOf) -> workflow::TaskPage;
        write claim(workflow::TaskOf) -> registry::Recorded ["workflow"];
        write release(workflow::TaskOf) -> registry::Recorded ["workflow"];
        write assign(workflow::AssignTask) -> registry::Recorded ["workflow"];
        read takers(workflow::TaskOf) -> Vec<workflow::TakerRow>;
        write delegate(workflow::DelegateTask) -> registry::Recorded ["workflow"];
        write give_back(workflow::GiveBackTask) -> registry::Recorded ["workflow"];
        write move_due(workflow::MoveDue) -> registry::Recorded ["workflow"];
        write complete(workflow::CompleteTask) -> workflow::Completed ["workflow"];
        write keep_draft(workflow::KeepDraft) -> Nothing;
        write snooze(workflow::SnoozeTask) -> Nothing ["workflow"];
        read list_designs(Nothing) -> Vec<workflow::DesignRow>;
        read show_design(workflow::DesignOf) -> workflow::DesignPage;
        write begin_design(workflow::BeginDesign) -> workflow::DesignPage;
        write edit_design(workflow::EditDesign) -> workflow::DesignPage;
        write undo_design(workflow::DesignOf) -> workflow::DesignPage;
        write redo_design(workflow::DesignOf) -> workflow::DesignPage;
        write rename_design(workflow::RenameDesign) -> workflow::DesignPage;
        write discard_design(workflow::DesignOf) -> Nothing;
        write publish_design(workflow::PublishDesign) -> workflow::DefinitionPage ["workflow"];
        read explain(workflow::Explain) -> workflow::Explained;
        read rehearse(workflow::Rehearse) -> workflow::Rehearsal;
        read compare_definitions(workflow::CompareDefinitions) -> workflow::DefinitionComparison;
        read inspect_definition(workflow::ImportDefinition) -> workflow::DefinitionReading;
        read show_form(workflow::FormOf) -> workflow::FormKept;
        write keep_form(workflow::KeepForm) -> Nothing;
    }
    runs {
        read list(runs::ListRuns) -> Page<runs::RunRow>;
        read show(runs::RunOf) -> runs::RunPage;
        read log(runs::ReadLog) -> runs::LogChunk;
        write cancel(runs::RunOf) -> registry::Recorded ["runs"];
        write submit(runs::SubmitRun) -> registry::Recorded ["runs"];
        write migrate(runs::MigrateVersion) -> registry::Recorded ["runs"];
        read preflight(runs::PreflightRun) -> runs::Preflight;
        read targets(Nothing) -> Vec<runs::TargetRow>;
        write add_target(runs::AddTarget) -> registry::Recorded ["runs"];
        write remove_target(runs::TargetOf) -> registry::Recorded ["runs"];
        read buckets(Nothing) -> Vec<runs::BucketRow>;
        read list_objects(runs::ListObjects) -> runs::ObjectListing;
        write upload(runs::UploadFiles) -> Vec<runs::ObjectRow> ["runs"];
        read uploads(Nothing) -> Vec<runs::UploadRow>;
        write stop_upload(runs::UploadOf) -> Nothing ["runs"];
        write reconcile(runs::ReconcilePlaces) -> Vec<runs::ReconciledRow> ["runs"];
        read leftovers(Nothing) -> Vec<runs::LeftoverRow>;
        write sweep(runs::SweepLeftovers) -> Vec<runs::LeftoverRow> ["runs"];
        read prices(Nothing) -> runs::PriceTable;
        write set_prices(runs::SetPrices) -> runs::PriceTable ["runs"];
        read sandbox(Nothing) -> runs::SandboxStatus;
        write start_sandbox(runs::StartSandbox) -> runs::SandboxStatus ["runs"];
        write stop_sandbox(Nothing) -> runs::SandboxStatus ["runs"];
        write misbehave(runs::Misbehave) -> runs::SandboxStatus ["runs"];
        read cluster_templates(runs::ListClusterTemplates) -> Vec<runs::ClusterTemplateRow>;
        read describe_shape(runs::DescribeShape) -> runs::ShapeTold;
        read map_configuration(runs::MapConfiguration) -> runs::MappedShape;
        write keep_cluster_template(runs::KeepClusterTemplate) -> registry::Recorded ["runs"];
        write drop_cluster_template(runs::ClusterTemplateOf) -> registry::Recorded ["runs"];
        read schedules(runs::ListSchedules) -> Vec<runs::ScheduleRow>;
        read explain_rule(runs::ExplainRule) -> runs::RuleTold;
        write add_schedule(runs::AddSchedule) -> registry::Recorded ["runs"];
        write remove_schedule(runs::ScheduleOf) -> registry::Recorded ["runs"];
        read export_schedule(runs::ScheduleOf) -> runs::ScheduleExport;
    }
    monitoring {
        write define(monitoring::DefineMonitor) -> registry::Recorded ["monitoring"];
        write change(monitoring::ChangeMonitor) -> registry::Recorded ["monitoring"];
        write retire(monitoring::RetireMonitor) -> registry::Recorded ["monitoring"];
        read list(monitoring::ListMonitors) -> Page<monitoring::MonitorRow>;
        read show(monitoring::MonitorOf) -> monitoring::MonitorPage;
        read preview(monitoring::PreviewData) -> monitoring::DataPreview;
        write compute(monitoring::ComputeReport) -> monitoring::ReportRow ["monitoring", "notices"];
        read progress(monitoring::MonitorOf) -> monitoring::ComputeProgress;
        write stop(monitoring::MonitorOf) -> Nothing ["monitoring"];
        read report(monitoring::ReportOf) -> monitoring::ReportPage;
        read reports(monitoring::ListReports) -> Page<monitoring::ReportRow>;
        read dry_run(monitoring::DryRunRules) -> monitoring::DryRunAnswer;
        read alerts(monitoring::ListAlerts) -> Page<monitoring::AlertRow>;
        read decisions(Nothing) -> Vec<monitoring::DecisionWanted>;
        write settle(monitoring::SettleAlert) -> registry::Recorded ["monitoring"];
        write decide(monitoring::DecideRetrain) -> registry::Recorded ["monitoring"];
        read portfolio(Nothing) -> monitoring::Portfolio;
        read reading(monitoring::ReadingOf) -> monitoring::ReportReading;
        read figure(monitoring::ReportFigureOf) -> registry::Figure;
        read picture(monitoring::ReportFigureOf) -> monitoring::Picture;
        read export(monitoring::ExportReport) -> monitoring::ExportedReport;
    }
    ledger {
        read list(ledger::ListEntries) -> Page<ledger::EntryRow>;
        read show(ledger::EntryOf) -> ledger::EntryRow;
    }
    notices {
        read list(notices::ListNotices) -> Page<notices::NoticeRow>;
        write mark_read(notices::MarkRead) -> Nothing ["notices"];
    }
    search {
        read find(search::SearchFor) -> search::Found;
    }
    settings {
        read show(Nothing) -> settings::Settings;
        write change(settings::Settings) -> settings::Settings ["settings"];
        write keep_mail_password(settings::KeepMailPassword) -> settings::Settings ["settings"];
        read send_test_mail(settings::SendTestMail) -> settings::TestMailSent;
    }
    demonstration {
        write prepare(Nothing) -> workspace::WorkspaceStatus ["workspace"];
        write play(demonstration::PlayStory) -> demonstration::StoryState ["workspace"];
    }
}
