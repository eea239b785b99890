# syntax=docker/dockerfile:1
# One image for web, worker and migrate; compose.yaml says which command each runs.

FROM node:24-slim AS looks

WORKDIR /frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/build.mjs ./
COPY frontend/style ./style
RUN node build.mjs


FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1

RUN python -m venv /venv
ENV PATH="/venv/bin:$PATH"

# What pip installs for PyTorch. To keep a GPU build of several gigabytes out, give a requirement with
# the index of CPU builds: --build-arg TORCH="torch==2.13.0 --index-url <the CPU index>".
ARG TORCH="torch==2.13.0"

WORKDIR /app
COPY requirements.lock ./
# TORCH is split on purpose: it may hold options for pip.
# hadolint ignore=SC2086
RUN python -m pip install --prefer-binary $TORCH \
    && python -m pip install --prefer-binary -r requirements.lock

COPY manage.py ./
COPY config ./config
COPY api ./api
COPY frontend ./frontend
COPY --from=looks /frontend/static/frontend/built ./frontend/static/frontend/built
COPY questions ./questions
COPY brokers ./brokers
COPY evidence ./evidence
RUN pybabel --quiet compile --directory frontend/locale --domain django
# The database is not touched here; its address only keeps the embedded one from starting.
RUN SECRET_KEY=build DATA_DIR=/data DATABASE_URL=postgres://nobody@localhost/none \
    python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /data/models /data/mail


FROM python:3.11-slim

ENV PATH="/venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data

RUN groupadd --system --gid 10001 rotonde \
    && useradd --system --uid 10001 --gid rotonde --home-dir /data --no-create-home --shell /usr/sbin/nologin rotonde

COPY --from=build /venv /venv
COPY --from=build --chown=rotonde:rotonde /data /data
COPY --from=build /app /app

WORKDIR /app
USER rotonde
EXPOSE 8000

CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--preload", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
