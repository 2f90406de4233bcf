"""The surfaces: the command line and the Slack app. Both ask `index.archive.Archive` and render what it says."""
