//! User tasks: offering them and taking answers.

use super::super::{Person, Refusal, Task};
use super::people::may_take;
use super::*;
use crate::model::{DataType, Listener, ListenerCall, Prompt, UserTask};
use crate::time::due_date;

impl<'a> Run<'a> {
    /// The token under a number that no task has had: whoever answers late, or twice, never answers the next question.
    pub(super) fn numbered_for_a_task(&mut self, id: u64) -> u64 {
        let Some(token) = self.state.tokens.get(&id).filter(|token| token.asked) else { return id };
        let token = Token { asked: false, ..token.clone() };
        self.state.tokens.remove(&id);
        let number = self.next_serial();
        self.state.tokens.insert(number, token);
        number
    }

    /// Offers a task to people.
    pub(super) fn offer(&mut self, token: u64, node: &'a Node, task: &'a UserTask) {
        if let Err(problem) = self.try_offer(token, node, task) {
            self.state.tasks.remove(&token);
            self.stop(token, Phase::Enter, problem);
        }
    }

    fn try_offer(&mut self, token: u64, node: &'a Node, task: &'a UserTask) -> Result<(), Problem> {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let optional = |run: &mut Self, text: &'a Option<Text>| -> Result<Option<String>, Problem> {
            let text = text.as_ref().map(|text| run.text(text, scope, Some(token))).transpose()?;
            Ok(text.filter(|text| !text.is_empty()))
        };
        // A name that cannot be evaluated is shown as written, as Flowable does.
        let name = task
            .name
            .as_ref()
            .map(|text| self.text(text, scope, Some(token)).unwrap_or_else(|_| text.source().to_owned()));
        let assignee = optional(self, &task.assignee)?;
        let due = match optional(self, &task.due)? {
            Some(text) => Some(due_date(&text, self.at)?),
            None => None,
        };
        let form = optional(self, &task.form)?;
        let priority = match optional(self, &task.priority)? {
            Some(text) => Some(text.trim().parse().map_err(|_| {
                Problem::Incident("priority", format!("`{text}` is no priority; write a whole number"))
            })?),
            None => None,
        };
        let candidates = self.candidates(&task.candidates, scope, token)?;
        let offered = Task {
            element: node.id.clone(),
            name,
            description: node.documentation.clone(),
            claimed_at: assignee.is_some().then_some(self.at),
            assignee,
            owner: None,
            candidates,
            due,
            created_at: self.at,
            form,
            priority,
            prompts: task.prompts.clone(),
        };
        let assigned = offered.assignee.is_some();
        self.state.tasks.insert(token, offered);
        if let Some(token) = self.state.tokens.get_mut(&token) {
            token.at = At::Task;
            token.asked = !self.library.judges_as_once();
        }
        self.run_task_listeners(token, task, "create")?;
        if assigned {
            self.run_task_listeners(token, task, "assignment")?;
        }
        Ok(())
    }

    /// Lets an open task ask and invite as its element says now; who holds it and when it is due stay.
    pub(super) fn ask_anew(&mut self, token: u64, node: &'a Node, task: &'a UserTask) -> Result<(), Problem> {
        let Some(scope) = self.state.tokens.get(&token).map(|token| token.scope) else { return Ok(()) };
        let name = task
            .name
            .as_ref()
            .map(|text| self.text(text, scope, Some(token)).unwrap_or_else(|_| text.source().to_owned()));
        // Whom a listener invited when the task was offered stays invited.
        let listens = |listeners: &[Listener]| {
            listeners.iter().any(|listener| listener.call == ListenerCall::Participants)
        };
        let invited_once = listens(&task.listeners) || listens(&node.listeners);
        let candidates =
            if invited_once { None } else { Some(self.candidates(&task.candidates, scope, token)?) };
        if let Some(open) = self.state.tasks.get_mut(&token) {
            open.name = name;
            open.description.clone_from(&node.documentation);
            if let Some(candidates) = candidates {
                open.candidates = candidates;
            }
            open.prompts.clone_from(&task.prompts);
        }
        Ok(())
    }

    fn run_task_listeners(&mut self, token: u64, task: &'a UserTask, event: &str) -> Result<(), Problem> {
        for listener in
            task.listeners.iter().filter(|listener| listener.event == event || listener.event == "all")
        {
            self.run_listener(token, listener)?;
        }
        Ok(())
    }

    fn task(&self, id: u64) -> Result<&Task, Refusal> {
        self.state.tasks.get(&id).ok_or_else(|| Refusal::NotFound { what: "open task", id: id.to_string() })
    }

    pub(super) fn claim(&mut self, id: u64, by: Option<&Person>) -> Result<(), Refusal> {
        let task = self.task(id)?;
        let Some(person) = by else {
            let english = "a task is claimed by a person; say who";
            return Err(Refusal::Order(Reason::new("engine-claimed-by-nobody", english)));
        };
        may_take(task, person)?;
        self.hold(id, Some(person.id.clone()));
        Ok(())
    }

    fn hold(&mut self, id: u64, holder: Option<String>) {
        let at = self.at;
        if let Some(task) = self.state.tasks.get_mut(&id) {
            task.claimed_at = holder.is_some().then_some(at);
            task.assignee = holder;
        }
    }

    /// Whoever has the task from now on has it for good: nobody gets it back.
    fn forget_owner(&mut self, id: u64) {
        if let Some(task) = self.state.tasks.get_mut(&id) {
            task.owner = None;
        }
    }

    pub(super) fn release(&mut self, id: u64, by: Option<&Person>) -> Result<(), Refusal> {
        let task = self.task(id)?;
        if let (Some(holder), Some(person)) = (&task.assignee, by)
            && *holder != person.id
        {
            return Err(Refusal::Held { task: label(task), holder: holder.clone() });
        }
        self.hold(id, None);
        self.forget_owner(id);
        Ok(())
    }

    /// Gives a task to somebody, who must be allowed to have it.
    pub(super) fn assign(&mut self, id: u64, to: Option<&str>) -> Result<(), Refusal> {
        let task = self.task(id)?;
        if let Some(to) = to {
            not_excluded(task, to)?;
        }
        self.hold(id, to.map(str::to_owned));
        self.forget_owner(id);
        Ok(())
    }

    pub(super) fn hand_on(&mut self, id: u64, to: &str, by: Option<&Person>) -> Result<(), Refusal> {
        let task = self.task(id)?;
        not_excluded(task, to)?;
        if let Some(person) = by {
            may_take(task, person)?;
        }
        let owner =
            task.owner.clone().or_else(|| task.assignee.clone()).or_else(|| by.map(|by| by.id.clone()));
        self.hold(id, Some(to.to_owned()));
        if let Some(task) = self.state.tasks.get_mut(&id) {
            task.owner = owner;
        }
        Ok(())
    }

    pub(super) fn hand_back(&mut self, id: u64, by: Option<&Person>) -> Result<(), Refusal> {
        let task = self.task(id)?;
        let Some(owner) = task.owner.clone() else {
            let english = format!("`{}` was not delegated; complete or release it", label(task));
            let why = Reason::new("engine-not-delegated", english).with("task", label(task));
            return Err(Refusal::Order(why));
        };
        if let (Some(holder), Some(person)) = (&task.assignee, by)
            && *holder != person.id
        {
            return Err(Refusal::Held { task: label(task), holder: holder.clone() });
        }
        self.hold(id, Some(owner));
        self.forget_owner(id);
        Ok(())
    }

    /// Completes a task: the person may, the answers are there and fit, and then the token goes on.
    pub(super) fn complete(
        &mut self,
        id: u64,
        answers: &Variables,
        by: Option<&Person>,
    ) -> Result<(), Refusal> {
        let task = self.task(id)?;
        if let Some(person) = by {
            may_take(task, person)?;
            if let Some(owner) = task.owner.as_ref().filter(|owner| **owner != person.id) {
                let english =
                    format!("it was delegated by `{owner}`, who completes it; give it back instead");
                let why = Reason::new("engine-delegated-by", english).with("owner", owner);
                return Err(Refusal::Barred { task: label(task), person: person.id.clone(), why });
            }
        }
        let mut answers = answers.clone();
        for prompt in &task.prompts {
            self.check_answer(id, prompt, &mut answers, by.is_some())?;
        }
        let completed_by = by.map(|by| by.id.clone()).or_else(|| task.assignee.clone());
        let element = task.element.clone();
        let Some((_, node)) = self.place(id) else {
            return Err(Refusal::NotFound { what: "element", id: element.to_string() });
        };
        let Some(scope) = self.state.tokens.get(&id).map(|token| token.scope) else { return Ok(()) };
        self.set_variables(scope, &answers);
        if let Some(passage) = self.state.passages.get_mut(&element) {
            passage.completed_by = completed_by;
        }
        if let crate::model::NodeKind::User(task) = &node.kind
            && let Err(problem) = self.run_task_listeners(id, task, "complete")
        {
            self.state.tasks.remove(&id);
            self.stop(id, Phase::Finish, problem);
            return Ok(());
        }
        self.state.tasks.remove(&id);
        self.finish(id);
        Ok(())
    }

    /// Makes an answer the type its prompt says. A person's answers must be complete and among the choices.
    pub(super) fn check_answer(
        &self,
        token: u64,
        prompt: &Prompt,
        answers: &mut Variables,
        strict: bool,
    ) -> Result<(), Refusal> {
        let refused = |problem: Reason| Refusal::Answer {
            question: if prompt.question.is_empty() {
                prompt.variable.clone()
            } else {
                prompt.question.clone()
            },
            variable: prompt.variable.clone(),
            problem,
        };
        let given = answers.get(&prompt.variable);
        if given.is_none_or(is_empty) && prompt.required && strict {
            let scope = self.state.tokens.get(&token).map(|token| token.scope);
            let known = scope.and_then(|scope| self.state.variable(scope, &prompt.variable));
            if given.is_some() || known.is_none_or(is_empty) {
                return Err(refused(Reason::new("engine-answer-required", "is required; give one")));
            }
        }
        let Some(given) = given else { return Ok(()) };
        // A choice is an answer even if its type is not the variable's; lint has warned.
        if prompt.choices.iter().any(|choice| choice.value == *given) {
            return Ok(());
        }
        match prompt.kind.convert(given) {
            Some(typed) => {
                let chosen = typed.is_null()
                    || prompt.choices.is_empty()
                    || prompt.choices.iter().any(|choice| choice.value == typed);
                if strict && !chosen {
                    let labels: Vec<&str> =
                        prompt.choices.iter().map(|choice| choice.label.as_str()).collect();
                    let choices = labels.join(", ");
                    let english = format!("is not one of the choices; choose from {choices}");
                    let why = Reason::new("engine-answer-no-choice", english).with("choices", choices);
                    return Err(refused(why));
                }
                answers.insert(prompt.variable.clone(), typed);
            }
            None if strict => {
                let (kind, wanted) = kind_label(prompt.kind);
                let english = format!("must be {wanted}; it is `{given}`");
                let why = Reason::new("engine-answer-kind", english).with("kind", kind);
                return Err(refused(why.with("given", given)));
            }
            None => {}
        }
        Ok(())
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn not_excluded(task: &Task, who: &str) -> Result<(), Refusal> {
    if !task.candidates.excluded.iter().any(|excluded| excluded == who) {
        return Ok(());
    }
    Err(Refusal::Barred { task: label(task), person: who.to_owned(), why: people::excluded() })
}

fn label(task: &Task) -> String {
    task.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| task.element.to_string())
}

/// The name of a type, and what it is in English.
fn kind_label(kind: DataType) -> (&'static str, &'static str) {
    match kind {
        DataType::String => ("string", "text"),
        DataType::Boolean => ("boolean", "yes or no"),
        DataType::Long => ("long", "a whole number"),
        DataType::Double => ("double", "a number"),
        DataType::Date => ("date", "a date"),
        DataType::Any => ("any", "a value"),
    }
}
