//! The registry: projects, models, versions, champions and challengers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::fact::{
    ModelRegistered, PackageRecord, Placed, ProjectCreated, RunKind, RunState, VersionRegistered,
    VersionReplaced,
};
use crate::names::{Digest, MemberName, ModelId, ModelName, ProjectId, ProjectName, RunId, VersionId};
use crate::refusal::{Phrase, Refusal};
use crate::roles::Deed;
use crate::state::{Decision, State};

/// Shortest reason a finding is waived for, in characters.
pub const WAIVER_REASON_CHARS_MIN: u32 = 10;

/// One business problem, with the models that compete for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its identifier.
    pub id: ProjectId,
    /// Its name.
    pub name: ProjectName,
    /// What business problem it stands for.
    pub description: String,
    /// Typed properties.
    pub properties: BTreeMap<String, String>,
    /// The version in use.
    pub champion: Option<VersionId>,
    /// Versions competing with it.
    pub challengers: BTreeSet<VersionId>,
    /// How many models it has.
    pub models: u32,
    /// How many processes run in it.
    pub instances_running: u32,
    /// Who created it.
    pub created_by: MemberName,
    /// When.
    pub created_at: jiff::Timestamp,
    /// Position of the entry.
    pub position: u64,
}

/// A model: a name in a project, with versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Its identifier.
    pub id: ModelId,
    /// Its project.
    pub project: ProjectId,
    /// Name of the project, for lists.
    pub project_name: ProjectName,
    /// Its name.
    pub name: ModelName,
    /// Its versions, oldest first.
    pub versions: Vec<VersionId>,
    /// `major.minor` of the latest.
    pub latest_number: String,
    /// Algorithm of the latest, as its package says.
    pub algorithm: Option<String>,
    /// Tool of the latest, as its package says.
    pub tool: Option<String>,
    /// Best place of its versions.
    pub place: Place,
    /// Who registered the latest version.
    pub modified_by: MemberName,
    /// When.
    pub modified_at: jiff::Timestamp,
}

/// Where a version stands in its project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Neither.
    Plain,
    /// Competes with the champion.
    Challenger,
    /// In use.
    Champion,
}

impl Place {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Challenger => "challenger",
            Self::Champion => "champion",
        }
    }
}

/// A version: one package, under a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its identifier.
    pub id: VersionId,
    /// Its model.
    pub model: ModelId,
    /// Its project.
    pub project: ProjectId,
    /// Major number.
    pub major: u32,
    /// Minor number.
    pub minor: u32,
    /// Its package as it stands now.
    pub package: PackageRecord,
    /// Everybody who ever put contents into it: none of them may approve it.
    pub authors: BTreeSet<MemberName>,
    /// The retraining that made it, for a version that nobody brought by hand.
    #[serde(default)]
    pub by_run: Option<RunId>,
    /// Who registered it.
    pub registered_by: MemberName,
    /// When.
    pub registered_at: jiff::Timestamp,
    /// Position of the entry.
    pub position: u64,
}

impl Version {
    /// `major.minor`.
    pub fn number(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// Digests of what a decision on it rests on, beside its contents: what was read out of them.
    pub fn evidence(&self) -> Vec<Digest> {
        vec![self.package.reading.clone()]
    }
}

impl State {
    /// The project of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn project(&self, id: &ProjectId) -> Result<&Project, Refusal> {
        self.projects.get(id).ok_or_else(|| Refusal::Unknown { noun: "project", id: id.to_string() })
    }

    /// The project of that name.
    pub fn project_named(&self, name: &str) -> Option<&Project> {
        self.project_names.get(name).and_then(|id| self.projects.get(id))
    }

    /// The model of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn model(&self, id: &ModelId) -> Result<&Model, Refusal> {
        self.models.get(id).ok_or_else(|| Refusal::Unknown { noun: "model", id: id.to_string() })
    }

    /// The model of that name in a project.
    pub fn model_named(&self, project: &ProjectId, name: &str) -> Option<&Model> {
        self.model_names.get(&model_key(project, name)).and_then(|id| self.models.get(id))
    }

    /// The version of that identifier.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none.
    pub fn version(&self, id: &VersionId) -> Result<&Version, Refusal> {
        self.versions.get(id).ok_or_else(|| Refusal::Unknown { noun: "version", id: id.to_string() })
    }

    /// Where a version stands.
    pub fn place(&self, version: &Version) -> Place {
        match self.projects.get(&version.project) {
            Some(project) if project.champion.as_ref() == Some(&version.id) => Place::Champion,
            Some(project) if project.challengers.contains(&version.id) => Place::Challenger,
            _ => Place::Plain,
        }
    }

    pub(crate) fn create_project(
        &mut self,
        decision: &Decision,
        fact: &ProjectCreated,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::CreateProject)?;
        if self.projects.has(&fact.project) {
            return Err(Refusal::Exists { noun: "project", id: fact.project.to_string() });
        }
        if self.project_names.has(fact.name.as_str()) {
            return Err(Refusal::NameTaken { noun: "project", name: fact.name.to_string() });
        }
        self.project_names.put(fact.name.to_string(), fact.project.clone());
        self.projects.put(
            fact.project.clone(),
            Project {
                id: fact.project.clone(),
                name: fact.name.clone(),
                description: fact.description.clone(),
                properties: fact.properties.clone(),
                champion: None,
                challengers: BTreeSet::new(),
                models: 0,
                instances_running: 0,
                created_by: decision.person.clone(),
                created_at: decision.at,
                position: decision.position,
            },
        );
        Ok(())
    }

    pub(crate) fn register_model(
        &mut self,
        decision: &Decision,
        fact: &ModelRegistered,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RegisterModel)?;
        let project_name = self.project(&fact.project)?.name.clone();
        if self.models.has(&fact.model) {
            return Err(Refusal::Exists { noun: "model", id: fact.model.to_string() });
        }
        let key = model_key(&fact.project, fact.name.as_str());
        if self.model_names.has(&key) {
            return Err(Refusal::NameTaken { noun: "model", name: fact.name.to_string() });
        }
        self.model_names.put(key, fact.model.clone());
        self.projects.edit(&fact.project, |project| project.models += 1);
        self.models.put(
            fact.model.clone(),
            Model {
                id: fact.model.clone(),
                project: fact.project.clone(),
                project_name,
                name: fact.name.clone(),
                versions: Vec::new(),
                latest_number: String::new(),
                algorithm: None,
                tool: None,
                place: Place::Plain,
                modified_by: decision.person.clone(),
                modified_at: decision.at,
            },
        );
        Ok(())
    }

    pub(crate) fn register_version(
        &mut self,
        decision: &Decision,
        fact: &VersionRegistered,
    ) -> Result<(), Refusal> {
        let authors = match &fact.by_run {
            None => {
                self.check_may(&decision.person, Deed::RegisterModel)?;
                BTreeSet::from([decision.person.clone()])
            }
            Some(run) => self.authors_of_retraining(decision, fact, run)?,
        };
        let model = self.model(&fact.model)?;
        if self.versions.has(&fact.version) {
            return Err(Refusal::Exists { noun: "version", id: fact.version.to_string() });
        }
        check_package(&fact.package)?;
        let number = format!("{}.{}", fact.major, fact.minor);
        for other in &model.versions {
            let other = self.version(other)?;
            if (other.major, other.minor) >= (fact.major, fact.minor) {
                return Err(Refusal::Exists { noun: "version-number", id: number });
            }
        }
        let version = Version {
            id: fact.version.clone(),
            model: fact.model.clone(),
            project: model.project.clone(),
            major: fact.major,
            minor: fact.minor,
            package: fact.package.clone(),
            authors,
            by_run: fact.by_run.clone(),
            registered_by: decision.person.clone(),
            registered_at: decision.at,
            position: decision.position,
        };
        self.versions.put(fact.version.clone(), version);
        self.models.edit(&fact.model, |model| {
            model.versions.push(fact.version.clone());
            model.latest_number = number;
            model.algorithm.clone_from(&fact.package.algorithm);
            model.tool.clone_from(&fact.package.tool);
            model.modified_by = decision.person.clone();
            model.modified_at = decision.at;
        });
        Ok(())
    }

    /// What a retraining made may be registered by whoever carries runs out, once; and whoever had a hand in the version it
    /// comes from, or asked for the retraining, is an author of it too.
    fn authors_of_retraining(
        &self,
        decision: &Decision,
        fact: &VersionRegistered,
        run: &RunId,
    ) -> Result<BTreeSet<MemberName>, Refusal> {
        self.check_may(&decision.person, Deed::CarryOut)?;
        let run = self.run(run)?;
        if run.kind != RunKind::Retrain || run.state != RunState::Succeeded {
            return Err(Refusal::NothingToDo {
                what: Phrase::new("no-such-retraining").with("run", &run.id),
            });
        }
        let base = self.version(&run.version)?;
        if base.model != fact.model {
            return Err(Refusal::Unknown { noun: "retraining-of-this-model", id: run.id.to_string() });
        }
        if self.versions.rows().any(|version| version.by_run.as_ref() == Some(&run.id)) {
            return Err(Refusal::Exists { noun: "version-of-the-run", id: run.id.to_string() });
        }
        let mut authors = base.authors.clone();
        authors.extend([decision.person.clone(), run.requested_by.clone()]);
        Ok(authors)
    }

    pub(crate) fn replace_version(
        &mut self,
        decision: &Decision,
        fact: &VersionReplaced,
    ) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::RegisterModel)?;
        let version = self.version(&fact.version)?;
        check_package(&fact.package)?;
        if version.package.root == fact.package.root {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-these-contents") });
        }
        let model = version.model.clone();
        self.versions.edit(&fact.version, |version| {
            version.package = fact.package.clone();
            version.authors.insert(decision.person.clone());
        });
        self.models.edit(&model, |model| {
            model.modified_by = decision.person.clone();
            model.modified_at = decision.at;
        });
        Ok(())
    }

    pub(crate) fn set_champion(&mut self, decision: &Decision, fact: &Placed) -> Result<(), Refusal> {
        if !self.is_made_champion_by_process(decision, fact)? {
            self.check_may(&decision.person, Deed::PlaceVersion)?;
        }
        self.check_place(fact)?;
        let project = self.project(&fact.project)?;
        if project.champion.as_ref() == Some(&fact.version) {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-champion") });
        }
        let before = project.champion.clone();
        self.projects.edit(&fact.project, |project| {
            project.challengers.remove(&fact.version);
            project.champion = Some(fact.version.clone());
        });
        for version in before.iter().chain([&fact.version]) {
            self.refresh_place(version);
        }
        Ok(())
    }

    pub(crate) fn set_challenger(&mut self, decision: &Decision, fact: &Placed) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::PlaceVersion)?;
        self.check_place(fact)?;
        let project = self.project(&fact.project)?;
        if project.champion.as_ref() == Some(&fact.version) || project.challengers.contains(&fact.version) {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-placed") });
        }
        self.projects.edit(&fact.project, |project| {
            project.challengers.insert(fact.version.clone());
        });
        self.refresh_place(&fact.version);
        Ok(())
    }

    pub(crate) fn clear_place(&mut self, decision: &Decision, fact: &Placed) -> Result<(), Refusal> {
        self.check_may(&decision.person, Deed::PlaceVersion)?;
        self.check_place(fact)?;
        let project = self.project(&fact.project)?;
        if project.champion.as_ref() != Some(&fact.version) && !project.challengers.contains(&fact.version) {
            return Err(Refusal::NothingToDo { what: Phrase::new("already-without-place") });
        }
        self.projects.edit(&fact.project, |project| {
            project.challengers.remove(&fact.version);
            if project.champion.as_ref() == Some(&fact.version) {
                project.champion = None;
            }
        });
        self.refresh_place(&fact.version);
        Ok(())
    }

    fn check_place(&self, fact: &Placed) -> Result<(), Refusal> {
        let project = self.project(&fact.project)?;
        let version = self.version(&fact.version)?;
        if version.project != project.id {
            return Err(Refusal::Unknown { noun: "version-in-this-project", id: fact.version.to_string() });
        }
        Ok(())
    }

    fn refresh_place(&mut self, version: &VersionId) {
        let Some(version) = self.versions.get(version) else { return };
        let model = version.model.clone();
        let Some(row) = self.models.get(&model) else { return };
        let place = row
            .versions
            .iter()
            .filter_map(|id| self.versions.get(id))
            .map(|version| self.place(version))
            .max()
            .unwrap_or(Place::Plain);
        self.models.edit(&model, |model| model.place = place);
    }
}

/// The number a new version of a model gets.
pub fn next_number(latest: Option<&Version>, major: bool) -> (u32, u32) {
    match latest {
        None => (1, 0),
        Some(version) if major => (version.major + 1, 0),
        Some(version) => (version.major, version.minor + 1),
    }
}

fn model_key(project: &ProjectId, name: &str) -> String {
    format!("{project}/{name}")
}

fn check_package(package: &PackageRecord) -> Result<(), Refusal> {
    let open = package.blocking.iter().filter(|finding| !package.waived.contains_key(*finding)).count();
    if open > 0 {
        return Err(Refusal::FindingsOpen { open: u32::try_from(open).unwrap_or(u32::MAX) });
    }
    for reason in package.waived.values() {
        if reason.trim().chars().count() < WAIVER_REASON_CHARS_MIN as usize {
            return Err(Refusal::ReasonNeeded {
                what: Phrase::new("reason-for-waiver"),
                chars_min: WAIVER_REASON_CHARS_MIN,
            });
        }
    }
    Ok(())
}
