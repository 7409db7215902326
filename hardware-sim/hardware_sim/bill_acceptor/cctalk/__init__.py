"""ccTalk, spoken from the bill validator's end."""
