//! The people room in a terminal.

use app::Failure;
use clap::Subcommand;
use serde_json::{Value, json};
use words::{Said, said};

use crate::desk::Desk;
use crate::output::{Answer, Reader, at, cell};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a member
    Add {
        /// Lower case letters, digits, `.`, `-`, `_`
        name: String,
        /// A role to grant (repeat for more)
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
        /// How the person is called on screens
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
        /// Where mail notices go
        #[arg(long)]
        email: Option<String>,
        /// Public key made on the member's own desk, 64 hexadecimal digits
        #[arg(long, conflicts_with = "key_here")]
        key: Option<String>,
        /// Make and keep the key on this desk, for a desk that several people use
        #[arg(long)]
        key_here: bool,
    },
    /// Members with their roles and keys, and what each role may do
    List,
    /// Make a key for yourself on this desk, and show what an administrator needs to enrol it
    Key {
        /// The member it is for
        name: String,
    },
    /// Enrol a key that a member made on their own desk, or confirm it as a second administrator
    Enrol {
        name: String,
        /// Its public half, as `member key` showed it there
        #[arg(long)]
        key: String,
        /// What the device is called
        #[arg(long)]
        device: Option<String>,
    },
    /// Grant roles
    Grant {
        name: String,
        #[arg(required = true, value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Take roles
    Revoke {
        name: String,
        #[arg(required = true, value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Revoke a device key: what it signs from now on counts for nothing
    RevokeKey {
        /// Fingerprint, or the whole public key
        key: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

impl Command {
    pub(crate) fn run(self, desk: &mut Desk) -> Result<Answer, Failure> {
        match self {
            Self::Add { name, roles, display_name, email, key, key_here } => {
                let mut request = json!({ "name": name, "roles": roles, "key_here": key_here });
                for (field, value) in [("display_name", display_name), ("email", email), ("key", key)] {
                    if let Some(value) = value {
                        request[field] = value.into();
                    }
                }
                let recorded = desk.call("people.add_member", request)?;
                let text = desk.reader().say(&said!(
                    "said-member-added",
                    member = name,
                    position = cell(&recorded["position"])
                ));
                Ok(Answer::new(recorded, text))
            }
            Self::List => {
                let people = desk.call("people.list", json!({}))?;
                let mut text = desk.reader().table(
                    &people["members"],
                    &[
                        ("label-member", "name"),
                        ("label-name", "display_name"),
                        ("label-roles", "roles"),
                        ("label-mail", "email"),
                        ("label-key-here", "here"),
                    ],
                    "none-people",
                );
                text.push_str(&desk.reader().section("title-keys", &keys(desk.reader(), &people["members"])));
                text.push_str(&desk.reader().list(
                    "title-roles",
                    &people["roles"],
                    &[("label-role", "role"), ("label-may", "may")],
                ));
                Ok(Answer::new(people, text))
            }
            Self::Key { name } => {
                let made = desk.call("people.create_key", json!({ "name": name }))?;
                let mut text = desk.reader().facts(
                    &made,
                    &[
                        ("label-member", "name"),
                        ("label-key", "key"),
                        ("label-fingerprint", "fingerprint"),
                        ("label-device", "device"),
                    ],
                );
                if made["enrolled"] == false {
                    let unsigned = desk.reader().word("said-key-unsigned");
                    text.push_str(&format!(
                        "\n\n{unsigned}\n  \
                         countersign member enrol {name} --key {} --device '{}'",
                        at(&made, "key").as_str().unwrap_or_default(),
                        at(&made, "device").as_str().unwrap_or_default(),
                    ));
                }
                Ok(Answer::new(made, text))
            }
            Self::Enrol { name, key, device } => {
                let mut request = json!({ "name": name, "key": key });
                if let Some(device) = device {
                    request["device"] = device.into();
                }
                let recorded = desk.call("people.enrol_key", request)?;
                let people = desk.call("people.list", json!({}))?;
                let waits = people["members"].as_array().into_iter().flatten().any(|member| {
                    at(member, "keys")
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|key| key["fingerprint"] == recorded["id"] && key["valid_from"].is_null())
                });
                let text = if waits {
                    desk.reader().recorded("said-key-waits", &recorded)
                } else {
                    desk.reader().say(&said!(
                        "said-key-enrolled",
                        member = name,
                        position = cell(&recorded["position"])
                    ))
                };
                Ok(Answer::new(recorded, text))
            }
            Self::Grant { name, roles } => {
                changed(desk, "people.grant", &name, &roles, said!("said-roles-granted"))
            }
            Self::Revoke { name, roles } => {
                changed(desk, "people.revoke", &name, &roles, said!("said-roles-revoked"))
            }
            Self::RevokeKey { key, reason } => {
                let recorded = desk.call("people.revoke_key", json!({ "key": key, "reason": reason }))?;
                let text = desk.reader().recorded("said-key-revoked", &recorded);
                Ok(Answer::new(recorded, text))
            }
        }
    }
}

fn changed(
    desk: &mut Desk,
    command: &str,
    name: &str,
    roles: &[String],
    told: Said,
) -> Result<Answer, Failure> {
    let recorded = desk.call(command, json!({ "name": name, "roles": roles }))?;
    let text = desk.reader().say(
        &told
            .with("member", name)
            .with("roles", roles.join(", "))
            .with("position", cell(&recorded["position"])),
    );
    Ok(Answer::new(recorded, text))
}

/// One line a key, whoever holds it.
fn keys(reader: Reader, members: &Value) -> String {
    let rows: Vec<Value> = members
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|member| {
            at(member, "keys").as_array().into_iter().flatten().map(|key| {
                let mut row = key.clone();
                row["member"] = member["name"].clone();
                row
            })
        })
        .collect();
    reader.table(
        &rows.into(),
        &[
            ("label-member", "member"),
            ("label-key", "fingerprint"),
            ("label-device", "device"),
            ("label-enrolled-at", "enrolled_at"),
            ("label-by", "enrolled_by"),
            ("label-signs-from", "valid_from"),
            ("label-revoked-at", "revoked_at"),
        ],
        "",
    )
}
