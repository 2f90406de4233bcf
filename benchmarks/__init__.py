"""Quality and speed, measured. Each module is a command; results/ holds what they gave."""
