# The site as a container: gunicorn on port 8000, behind a reverse proxy that has the certificate.
# docs/install.md says how to build and run it.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.lock .
# Nothing but the files whose digests are written down.
RUN /venv/bin/pip install --quiet --require-hashes --requirement requirements.lock
WORKDIR /site
COPY manage.py ./
COPY solidarity/ solidarity/
COPY statements/ statements/
COPY locale/ locale/
COPY templates/ templates/
COPY static/ static/
# The key is for this command alone and signs nothing.
RUN SECRET_KEY=only-for-collecting-static-files STATIC_ROOT=/static \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m whitenoise.compress --quiet --no-brotli /static/css \
    && /venv/bin/python -m compileall -q solidarity statements manage.py

FROM python:3.11-slim-bookworm
# What sets PDFs, and letters of the scripts in which statements are written; what backups ask
# PostgreSQL with.
RUN apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
        libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk postgresql-client \
        >/dev/null \
    && rm -rf /var/lib/apt/lists/*
# A number, so that an orchestrator can see that it is not root.
RUN groupadd --gid 10001 site && useradd --uid 10001 --gid 10001 --no-create-home site \
    && install --directory --owner 10001 --group 10001 /site/var
WORKDIR /site
COPY --from=build /venv /venv
COPY --from=build /static /static
# Owned by root, so that the site can read its own code and not change it.
COPY --from=build /site/ ./
COPY gunicorn.conf.py ./
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000 STATIC_ROOT=/static MEDIA_ROOT=/site/var/media
USER 10001:10001
VOLUME /site/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=20s --retries=3 \
    CMD ["python", "-m", "solidarity.health"]
CMD ["gunicorn", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
