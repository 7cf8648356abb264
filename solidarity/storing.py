"""Where attached files lie: in a folder of this machine, or in a store that speaks S3."""

from solidarity import env


def attached() -> dict[str, object]:
    """One of Django's STORAGES."""
    bucket = env.text("S3_BUCKET")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {
        "BACKEND": "statements.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
            "region_name": env.text("S3_REGION") or None,
            "access_key": env.secret("S3_ACCESS_KEY"),
            "secret_key": env.secret("S3_SECRET_KEY"),
        },
    }
