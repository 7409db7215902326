"""ccTalk bill validators."""
