//! The registry: projects, models, versions, packages, champions.

mod compare;
mod figures;
pub(crate) mod import;
mod views;

use cache::{List, Match};
use governance::fact::{Placed, ProjectCreated};
use governance::registry::{Model, Place, Project, Version};
use governance::workflow::Approval;
use governance::{Fact, ProjectId};
use words::said;

pub use compare::compare;
pub use figures::figure;
pub(crate) use import::{file_rows, read_package, reading, record_of, store};
pub use import::{import_package, inspect_package, read_file};
pub use views::*;

use crate::ids::new_id;
use crate::page::{Page, PageOf};
use crate::session::{Session, parse};
use crate::{App, Code, Failure};

/// A page of projects.
///
/// # Errors
/// [`Code::NoWorkspace`]; [`Code::Usage`] for an unknown sort.
pub async fn list_projects(app: &App, request: ListProjects) -> Result<Page<ProjectRow>, Failure> {
    let session = app.session()?;
    let sort = match request.page.sort.as_deref().unwrap_or("name") {
        "created_at" => "key",
        "-created_at" => "-key",
        other => other,
    };
    page_of(&session, "projects", Vec::new(), &request.page, sort, |session, project: Project| {
        project_row(session, &project)
    })
}

/// Creates a project.
///
/// # Errors
/// [`Code::Refused`] when the name is taken or no role allows it.
pub async fn create_project(app: &App, request: CreateProject) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let id: ProjectId = new_id();
    let mut properties = std::collections::BTreeMap::new();
    for (name, value) in [
        ("function", request.function),
        ("targetLevel", request.target_level),
        ("targetVariable", request.target_variable),
        ("targetEventValue", request.target_event),
        ("eventProbabilityVariable", request.event_probability_variable),
    ] {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            properties.insert(name.to_owned(), value);
        }
    }
    let fact = Fact::ProjectCreated(ProjectCreated {
        project: id.clone(),
        name: parse("project name", &request.name)?,
        description: request.description,
        properties,
    });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: id.to_string() })
}

/// A project and its models.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_project(app: &App, request: ProjectOf) -> Result<ProjectPage, Failure> {
    let session = app.session()?;
    let project = find_project(&session, &request.project)?;
    let mut models = Vec::new();
    for (_, model) in session.cache.having::<Model>("models", "project", project.id.as_str())? {
        models.push(model_row(&session, &model)?);
    }
    models.sort_by_key(|model| model.name.to_lowercase());
    let properties = project
        .properties
        .iter()
        .map(|(name, value)| Property { name: name.clone(), value: value.clone() })
        .collect();
    Ok(ProjectPage { project: project_row(&session, &project)?, properties, models })
}

/// A page of models.
///
/// # Errors
/// [`Code::NotFound`] for an unknown project; [`Code::Usage`] for an unknown sort.
pub async fn list_models(app: &App, request: ListModels) -> Result<Page<ModelRow>, Failure> {
    let session = app.session()?;
    let project = match &request.project {
        Some(project) => Some(find_project(&session, project)?.id),
        None => None,
    };
    let matches = project.iter().map(|project| Match::Is("project", project.as_str())).collect();
    let sort = match request.page.sort.as_deref().unwrap_or("name") {
        "project" => "project_name",
        "-project" => "-project_name",
        other => other,
    };
    page_of(&session, "models", matches, &request.page, sort, |session, model: Model| {
        model_row(session, &model)
    })
}

/// Everything about a version.
///
/// # Errors
/// [`Code::NotFound`].
pub async fn show_version(app: &App, request: VersionOf) -> Result<VersionPage, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    version_page(&session, &version).await
}

pub(crate) async fn version_page(session: &Session, version: &Version) -> Result<VersionPage, Failure> {
    let model: Model = session.row("models", "model", version.model.as_str())?;
    let reading = import::reading(session, &version.package).await?;
    let mut versions = Vec::new();
    for id in model.versions.iter().rev() {
        let other: Version = session.row("versions", "version", id.as_str())?;
        versions.push(VersionSummary {
            version: other.id.to_string(),
            number: other.number(),
            digest: other.package.root.to_string(),
            role: place(session, &other)?.name().to_owned(),
            registered_by: other.registered_by.to_string(),
            registered_at: other.registered_at.to_string(),
        });
    }
    let mut approvals: Vec<ApprovalRow> = Vec::new();
    for (_, approval) in session.cache.having::<Approval>("approvals", "version", version.id.as_str())? {
        let current = approval.package_root == version.package.root;
        let waiting = match current && !approval.decides {
            true => crate::workflow::signatures(session, &approval)?,
            false => None,
        };
        approvals.push(ApprovalRow {
            decision: match approval.decision {
                governance::fact::Verdict::Approved => "approved".to_owned(),
                governance::fact::Verdict::Rejected => "rejected".to_owned(),
            },
            member: approval.member.to_string(),
            at: approval.at.to_string(),
            gate: approval.gate,
            digest: approval.package_root.to_string(),
            current,
            decides: approval.decides,
            waiting,
            note: approval.note,
            instance: approval.instance.to_string(),
            position: approval.position,
        });
    }
    approvals.sort_by_key(|approval| std::cmp::Reverse(approval.position));
    let migrations = session
        .cache
        .having::<governance::runs::Migration>("migrations", "version", version.id.as_str())?
        .into_iter()
        .map(|(_, migration)| MigrationRow {
            run: migration.run.to_string(),
            bucket: migration.bucket,
            manifest: migration.ready.to_string(),
            at: migration.at.to_string(),
        })
        .collect();
    Ok(VersionPage {
        version: version.id.to_string(),
        number: version.number(),
        model: model_row(session, &model)?,
        digest: version.package.root.to_string(),
        role: place(session, version)?.name().to_owned(),
        registered_by: version.registered_by.to_string(),
        registered_at: version.registered_at.to_string(),
        position: version.position,
        files: import::file_rows(&reading),
        variables: import::variable_rows(&reading),
        properties: import::property_rows(&reading),
        fit_statistics: import::fit_table(session.words(), &reading),
        has_roc: !reading.roc.is_empty(),
        has_lift: !reading.lift.is_empty(),
        importance: reading
            .importance
            .iter()
            .map(|row| ImportanceRow { variable: row.variable.clone(), importance: row.importance })
            .collect(),
        warnings: import::warnings(session.words(), &reading),
        findings: import::finding_rows(session.words(), &reading, Some(&version.package)),
        versions,
        approvals,
        migrations,
    })
}

/// Names the champion of a project; the champion before steps down by the same fact.
///
/// # Errors
/// [`Code::Refused`] when it is the champion already or no role allows it.
pub async fn set_champion(app: &App, request: PlaceVersion) -> Result<Recorded, Failure> {
    place_version(app, &request, Fact::ChampionSet).await
}

/// Names a challenger.
///
/// # Errors
/// As [`set_champion`].
pub async fn set_challenger(app: &App, request: PlaceVersion) -> Result<Recorded, Failure> {
    place_version(app, &request, Fact::ChallengerSet).await
}

/// Takes a version's place away.
///
/// # Errors
/// As [`set_champion`].
pub async fn clear_place(app: &App, request: PlaceVersion) -> Result<Recorded, Failure> {
    place_version(app, &request, Fact::PlaceCleared).await
}

async fn place_version(
    app: &App,
    request: &PlaceVersion,
    fact: fn(Placed) -> Fact,
) -> Result<Recorded, Failure> {
    let session = app.session()?;
    let version = find_version(&session, &request.version)?;
    let fact = fact(Placed { project: version.project.clone(), version: version.id.clone() });
    let written = session.record(&session.me()?, vec![fact]).await?;
    Ok(Recorded { position: written.position, id: version.id.to_string() })
}

/// One page of a table, each row turned into what is shown.
pub(crate) fn page_of<R, V>(
    session: &Session,
    table: &'static str,
    matches: Vec<Match<'_>>,
    page: &PageOf,
    sort: &str,
    show: impl Fn(&Session, R) -> Result<V, Failure>,
) -> Result<Page<V>, Failure>
where
    R: serde::de::DeserializeOwned,
{
    let listed = session.cache.list(&List {
        table,
        matches,
        search: page.search.as_deref(),
        sort,
        after: page.after.as_deref(),
        limit: page.limit.unwrap_or(crate::page::PAGE_ROWS).min(crate::page::PAGE_ROWS_MAX),
    })?;
    let rows = listed
        .rows
        .into_iter()
        .map(|(_, row)| {
            let row = serde_json::from_value(row)
                .map_err(|cause| Failure::internal("a row of the cache has another shape", &cause))?;
            show(session, row)
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Page { rows, total: listed.total, next: listed.next })
}

pub(crate) fn find_project(session: &Session, text: &str) -> Result<Project, Failure> {
    if let Some(project) = session.cache.get("projects", text)? {
        return Ok(project);
    }
    if let Some(id) = session.cache.get::<ProjectId>("project_names", text)?
        && let Some(project) = session.cache.get("projects", id.as_str())?
    {
        return Ok(project);
    }
    Err(Failure::not_found("project", text))
}

/// A version by its identifier, a model's for its latest, or `project/model` or `project/model@1.0` by names.
pub(crate) fn find_version(session: &Session, text: &str) -> Result<Version, Failure> {
    if let Some(version) = session.cache.get("versions", text)? {
        return Ok(version);
    }

    let unknown = || Failure::not_found("version", text);
    let (model, number) = if let Some(model) = session.cache.get::<Model>("models", text)? {
        (model, None)
    } else {
        let (path, number) = match text.rsplit_once('@') {
            Some((path, number)) => (path, Some(number)),
            None => (text, None),
        };
        let (project, name) = path.split_once('/').ok_or_else(unknown)?;
        let project = find_project(session, project)?;
        let key = format!("{}/{name}", project.id);
        let id: governance::ModelId = session.cache.get("model_names", &key)?.ok_or_else(unknown)?;
        (session.row("models", "model", id.as_str())?, number)
    };
    for id in model.versions.iter().rev() {
        let version: Version = session.row("versions", "version", id.as_str())?;
        if number.is_none_or(|number| version.number() == number) {
            return Ok(version);
        }
    }
    Err(unknown())
}

pub(crate) fn version_ref(session: &Session, id: &str) -> Result<VersionRef, Failure> {
    let version: Version = session.row("versions", "version", id)?;
    let model: Model = session.row("models", "model", version.model.as_str())?;
    Ok(VersionRef {
        version: version.id.to_string(),
        model: model.id.to_string(),
        model_name: model.name.to_string(),
        number: version.number(),
    })
}

fn place(session: &Session, version: &Version) -> Result<Place, Failure> {
    let project: Project = session.row("projects", "project", version.project.as_str())?;
    Ok(if project.champion.as_ref() == Some(&version.id) {
        Place::Champion
    } else if project.challengers.contains(&version.id) {
        Place::Challenger
    } else {
        Place::Plain
    })
}

fn project_row(session: &Session, project: &Project) -> Result<ProjectRow, Failure> {
    Ok(ProjectRow {
        id: project.id.to_string(),
        name: project.name.to_string(),
        description: project.description.clone(),
        function: project.properties.get("function").cloned(),
        models: project.models,
        champion: project.champion.as_ref().map(|id| version_ref(session, id.as_str())).transpose()?,
        challengers: project
            .challengers
            .iter()
            .map(|id| version_ref(session, id.as_str()))
            .collect::<Result<_, Failure>>()?,
        instances_running: project.instances_running,
        created_at: project.created_at.to_string(),
        created_by: project.created_by.to_string(),
    })
}

fn model_row(_session: &Session, model: &Model) -> Result<ModelRow, Failure> {
    let latest = model.versions.last().ok_or_else(|| {
        Failure::said(Code::Internal, said!("model-without-version", name = model.name.to_string()))
    })?;
    Ok(ModelRow {
        id: model.id.to_string(),
        name: model.name.to_string(),
        project: model.project.to_string(),
        project_name: model.project_name.to_string(),
        role: model.place.name().to_owned(),
        latest: VersionRef {
            version: latest.to_string(),
            model: model.id.to_string(),
            model_name: model.name.to_string(),
            number: model.latest_number.clone(),
        },
        algorithm: model.algorithm.clone(),
        tool: model.tool.clone(),
        modified_by: model.modified_by.to_string(),
        modified_at: model.modified_at.to_string(),
    })
}
