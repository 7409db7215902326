"""What reads wallet codes: a camera, or a serial scan engine."""
