"""Articles in, quotes out: reading, cutting, embedding, retrieval, answers. Knows nothing of Slack."""

import os

# Nothing leaves the machine but Slack messages: libraries that would report their use are told not to, before any
# of them is imported. ONNX Runtime else writes a device id into the home folder and calls its maker.
for _switch in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_switch] = "1"
