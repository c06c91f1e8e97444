//! The screen as JSON: snake case; absent members, empty lists and `false` are left out.

use serde_json::json;

use super::Screen;

/// The screen as JSON text.
pub(super) fn text(screen: &Screen) -> String {
    json!({"name": screen.name, "title": screen.title}).to_string()
}
