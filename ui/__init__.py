"""The screen: QML, view models, translations. Owns no device, no database, no network.

One way through: `core_link` (a line from the core) → `presenter` (snapshot, language, time: `inputs`) → `pages`
and `words` (pure: what is said, what may be answered) → `view_models` (what changed) → `qml` (layout and motion).
Back: a pressed button is an intent, sent by `core_link`.
"""
