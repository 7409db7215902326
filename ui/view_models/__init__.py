"""What QML binds to: the derived props, with a notification for exactly what changed."""
