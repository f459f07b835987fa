//! Questions: SAS prompts, and the form properties of Flowable and Camunda.

use super::*;

impl<'x> Reader<'x, '_> {
    /// What an element asks, in document order.
    pub(super) fn prompts(&mut self, xml: Xml<'x, 'x>, id: &Name) -> Vec<Prompt> {
        let mut prompts = Vec::new();
        for child in extension_elements(xml) {
            if child.has_tag_name((SAS, "promptDefinition")) {
                prompts.extend(self.sas_prompt(child, id));
            } else if is_extension(child, "formProperty") {
                prompts.push(form_property(child));
            } else if is_extension(child, "formData") {
                let fields = child.children().filter(|field| is_extension(*field, "formField"));
                prompts.extend(fields.map(form_field));
            }
        }
        prompts
    }

    /// The element that `attribute` of `xml` names, if it is the right kind of element.
    fn named_element(&self, xml: Xml<'x, 'x>, attribute: &str, tag: (&str, &str)) -> Option<Xml<'x, 'x>> {
        let wanted = xml.attribute(attribute)?;
        self.ids.get(wanted).copied().filter(|target| target.has_tag_name(tag))
    }

    fn sas_prompt(&mut self, definition: Xml<'x, 'x>, id: &Name) -> Option<Prompt> {
        let Some(prompt) = self.named_element(definition, "promptRef", (SAS, "prompt")) else {
            let wanted = definition.attribute("promptRef").unwrap_or("");
            self.error(
                "broken-prompt",
                id,
                sentence!(
                    "broken-prompt",
                    "there is no prompt `{wanted}`; choose one that is declared",
                    wanted = wanted
                ),
            );
            return None;
        };
        let data = self.named_element(prompt, "dataObjectRef", (BPMN, "dataObject"));
        let Some((data, variable)) = data.and_then(|data| Some((data, attribute(data, "name")?))) else {
            let wanted = prompt.attribute("dataObjectRef").unwrap_or("");
            let said = sentence!(
                "broken-prompt-data-object",
                "the prompt's data object `{wanted}` is not declared",
                wanted = wanted
            );
            self.error("broken-prompt", id, said);
            return None;
        };
        let kind = DataType::of(data.attribute("itemSubjectRef").unwrap_or(""));
        let mut choices = Vec::new();
        for reference in
            definition.children().filter(|child| child.has_tag_name((SAS, "promptValueDefinition")))
        {
            let Some(value) = self.named_element(reference, "promptValueRef", (SAS, "promptValue")) else {
                let wanted = reference.attribute("promptValueRef").unwrap_or("");
                self.error(
                    "broken-prompt",
                    id,
                    sentence!(
                        "broken-prompt-value",
                        "there is no prompt value `{wanted}`; choose another",
                        wanted = wanted
                    ),
                );
                continue;
            };
            let written = value.attribute("value").unwrap_or("");
            let read = kind.read(written).unwrap_or_else(|| {
                let said = sentence!(
                    "prompt-type",
                    "the choice `{written}` is not of the type of `{variable}`; correct one of them",
                    written = written,
                    variable = &variable
                );
                self.warning("prompt-type", id, said);
                Value::from(written)
            });
            let label = value.attribute("name").unwrap_or(written).to_owned();
            choices.push(Choice { label, value: read });
        }
        Some(Prompt {
            variable,
            question: prompt.attribute("name").unwrap_or("").to_owned(),
            kind,
            required: definition.attribute("required") == Some("true"),
            choices,
        })
    }
}

fn form_property(xml: Xml<'_, '_>) -> Prompt {
    let id = xml.attribute("id").unwrap_or("");
    Prompt {
        variable: xml.attribute("variable").unwrap_or(id).to_owned(),
        question: xml.attribute("name").unwrap_or(id).to_owned(),
        kind: form_type(xml.attribute("type")),
        required: xml.attribute("required") == Some("true"),
        choices: form_choices(xml),
    }
}

fn form_field(xml: Xml<'_, '_>) -> Prompt {
    let id = xml.attribute("id").unwrap_or("");
    let required = xml
        .descendants()
        .any(|child| is_extension(child, "constraint") && child.attribute("name") == Some("required"));
    let kind = form_type(xml.attribute("type"));
    let question = xml.attribute("label").unwrap_or(id).to_owned();
    Prompt { variable: id.to_owned(), question, kind, required, choices: form_choices(xml) }
}

fn form_choices(xml: Xml<'_, '_>) -> Vec<Choice> {
    let choice = |value: Xml<'_, '_>| {
        let id = value.attribute("id").unwrap_or("");
        Choice { label: value.attribute("name").unwrap_or(id).to_owned(), value: Value::from(id) }
    };
    xml.children().filter(|child| is_extension(*child, "value")).map(choice).collect()
}

fn form_type(written: Option<&str>) -> DataType {
    match written {
        None | Some("enum") => DataType::String,
        Some(written) => DataType::of(written),
    }
}
