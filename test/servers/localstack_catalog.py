"""Writes LocalStack's index of AWS operations under FILESYSTEM_ROOT, as its image build does.

Without it, the first request to every new server takes about two seconds longer.
"""

import os

from localstack import config
from localstack.aws import spec

os.makedirs(config.dirs.static_libs)
spec.main()
