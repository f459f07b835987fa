"""Uploads with Google's own client, for the benchmark. Prints the seconds.

Arguments: the address of the sandbox, a bucket, a folder of sources, and "files" or "large".
"""

import os
import sys
import time

from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.cloud.storage import transfer_manager

URL, BUCKET, SOURCE, KIND = sys.argv[1:5]
os.environ["STORAGE_EMULATOR_HOST"] = URL
bucket = storage.Client(project="my-project", credentials=AnonymousCredentials()).bucket(BUCKET)
names = sorted(os.listdir(os.path.join(SOURCE, KIND)))
begun = time.perf_counter()
if KIND == "files":
    # Its own way of sending many, with as many at a time as ours.
    answers = transfer_manager.upload_many_from_filenames(
        bucket, names, source_directory=os.path.join(SOURCE, KIND), worker_type=transfer_manager.THREAD,
        max_workers=8, raise_exception=True)
    assert len(answers) == len(names)
else:
    for name in names:
        bucket.blob(name).upload_from_filename(os.path.join(SOURCE, KIND, name), checksum="crc32c")
print(time.perf_counter() - begun)
