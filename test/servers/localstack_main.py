"""LocalStack in host mode, with its S3 files where S3_FILES says.

LocalStack writes them to the fixed path /tmp/localstack-s3-storage, where two servers would delete
each other's folders and leave some behind; it has no setting for it.
"""

import os

from localstack.runtime.main import main
from localstack.services.s3 import provider

provider.DEFAULT_S3_TMP_DIR = os.environ["S3_FILES"]
main()
