"""The minio client for Python against the local stack: minio_round.py HOST:PORT LARGE SMALL"""

import sys
from pathlib import Path

from minio import Minio
from minio.commonconfig import ENABLED, CopySource, Tags
from minio.deleteobjects import DeleteObject
from minio.versioningconfig import VersioningConfig

host, large, small = sys.argv[1:]
client = Minio(host, access_key="me", secret_key="x", secure=False, region="us-east-1")
bucket, key = "minio-round", "a/small +ü.txt"

client.make_bucket(bucket)
assert client.bucket_exists(bucket)
client.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
assert client.get_bucket_versioning(bucket).status == ENABLED

client.fput_object(bucket, "a/big.bin", large, part_size=5 * 1024 * 1024)
assert client.stat_object(bucket, "a/big.bin").etag.endswith("-3")
assert client.get_object(bucket, "a/big.bin").read() == Path(large).read_bytes()

first = client.fput_object(bucket, key, small).version_id
second = client.fput_object(bucket, key, small, metadata={"colour": "blue"}).version_id
assert first and second and first != second
assert client.stat_object(bucket, key).metadata["x-amz-meta-colour"] == "blue"

tags = Tags.new_object_tags()
tags["team"], tags["stage"] = "media", "a b"
client.set_object_tags(bucket, key, tags)
assert client.get_object_tags(bucket, key) == tags

client.copy_object(bucket, "b/copy.txt", CopySource(bucket, key))
assert client.get_object(bucket, "b/copy.txt").read() == Path(small).read_bytes()

listed = {found.object_name for found in client.list_objects(bucket, recursive=True)}
assert listed == {"a/big.bin", key, "b/copy.txt"}, listed
versions = list(client.list_objects(bucket, recursive=True, include_version=True))
assert len(versions) == 4, versions

faults = client.remove_objects(bucket, [DeleteObject(found.object_name, found.version_id) for found in versions])
assert not list(faults)
client.remove_bucket(bucket)
assert not client.bucket_exists(bucket)
