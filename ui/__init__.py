"""The screen: QML, view models, translations. Owns no device, no database, no network."""
