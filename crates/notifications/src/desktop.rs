//! The desktop of the person at this desk: through D-Bus on Linux, through the system elsewhere.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify_rust::{Hint, Notification, Timeout};
use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use crate::error::Error;
use crate::message::{Channel, Delivering, Delivery, Message, Urgency};

const CHANNEL: &str = "desktop";
/// How long the notification daemon may take. One that is started by D-Bus on the first message needs a moment.
const DELIVER_WITHIN: Duration = Duration::from_secs(8);
/// How long a notification is listened to for its click, and how many are at a time: each holds a connection.
const CLICK_WITHIN: Duration = Duration::from_secs(12 * 60 * 60);
const LISTENING_MAX: usize = 32;

type OnClick = Arc<dyn Fn(String) + Send + Sync>;

/// Shows messages on the desktop and tells when one is clicked.
pub struct Desktop {
    application: String,
    open_label: String,
    on_click: OnClick,
    /// What the daemon can do, asked once.
    capabilities: OnceCell<Vec<String>>,
    listening: Mutex<VecDeque<AbortHandle>>,
}

impl Desktop {
    /// `application` is shown as the sender and `open_label` on the button; `on_click` is called with the message's link
    /// when the notification or its button is clicked. Must be used within a tokio runtime.
    pub fn new(
        application: impl Into<String>,
        open_label: impl Into<String>,
        on_click: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            application: application.into(),
            open_label: open_label.into(),
            on_click: Arc::new(on_click),
            capabilities: OnceCell::new(),
            listening: Mutex::default(),
        }
    }

    fn notification(&self, message: &Message, markup: bool) -> Notification {
        let mut notification = Notification::new();
        let body = message.body_text();
        notification
            .appname(&self.application)
            .summary(&message.title_line())
            .body(&if markup { escaped(&body) } else { body })
            .timeout(Timeout::Default)
            .hint(Hint::DesktopEntry("countersign".to_owned()));
        #[cfg(all(unix, not(target_os = "macos")))]
        notification.urgency(match message.urgency {
            Urgency::Low => notify_rust::Urgency::Low,
            Urgency::Normal => notify_rust::Urgency::Normal,
            Urgency::Critical => notify_rust::Urgency::Critical,
        });
        if message.link.is_some() {
            // `default` is the click on the notification itself.
            notification.action("default", &self.open_label);
        }
        notification
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    async fn show(&self, message: &Message) -> Result<Delivery, Error> {
        let ask = || async {
            // Blocking in the library; on its own thread, and bounded by the caller's limit.
            let asked = tokio::task::spawn_blocking(notify_rust::get_capabilities).await;
            asked.map_err(|error| offline(&error.to_string()))?.map_err(|error| offline(&error.to_string()))
        };
        let capabilities = self.capabilities.get_or_try_init(ask).await?;
        let markup = capabilities.iter().any(|it| it == "body-markup");
        let shown = self.notification(message, markup).show_async().await;
        let handle = shown.map_err(|error| offline(&error.to_string()))?;
        let reference = handle.id().to_string();
        if let Some(link) = message.link.clone() {
            let on_click = Arc::clone(&self.on_click);
            self.listen(tokio::spawn(async move {
                let wait = handle.wait_for_action_async(|response: &notify_rust::NotificationResponse| {
                    use notify_rust::NotificationResponse as Response;
                    if matches!(response, Response::Default | Response::Action(_)) {
                        on_click(link);
                    }
                });
                // Whoever has not clicked by then finds the message in the window.
                let _ = tokio::time::timeout(CLICK_WITHIN, wait).await;
            }));
        }
        Ok(Delivery { channel: CHANNEL.to_owned(), reference })
    }

    #[cfg(not(all(unix, not(target_os = "macos"))))]
    async fn show(&self, message: &Message) -> Result<Delivery, Error> {
        let notification = self.notification(message, false);
        let shown = tokio::task::spawn_blocking(move || notification.show().map(|_| ())).await;
        shown.map_err(|error| offline(&error.to_string()))?.map_err(|error| offline(&error.to_string()))?;
        Ok(Delivery { channel: CHANNEL.to_owned(), reference: String::new() })
    }

    /// Keeps the newest listeners; the oldest give up their connection.
    #[cfg(all(unix, not(target_os = "macos")))]
    fn listen(&self, task: tokio::task::JoinHandle<()>) {
        let mut listening = self.listening.lock().unwrap_or_else(PoisonError::into_inner);
        listening.retain(|other| !other.is_finished());
        listening.push_back(task.abort_handle());
        while listening.len() > LISTENING_MAX {
            if let Some(oldest) = listening.pop_front() {
                oldest.abort();
            }
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for task in self.listening.get_mut().unwrap_or_else(PoisonError::into_inner).drain(..) {
            task.abort();
        }
    }
}

impl Channel for Desktop {
    fn name(&self) -> &'static str {
        CHANNEL
    }

    fn deliver<'a>(&'a self, message: &'a Message) -> Delivering<'a> {
        Box::pin(async move {
            match tokio::time::timeout(DELIVER_WITHIN, self.show(message)).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let why = format!("the notification daemon did not answer within {DELIVER_WITHIN:?}");
                    Err(offline(&why))
                }
            }
        })
    }
}

fn offline(why: &str) -> Error {
    let remedy = "start a desktop session with a notification daemon, for example dunst";
    Error::Offline { channel: CHANNEL, why: format!("{why} ({remedy})") }
}

/// Text for a daemon that reads markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
