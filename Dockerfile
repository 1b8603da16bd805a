# Headwater in a container: `docker compose up` in this folder runs it with all that it needs, and
# docs/containers.md says more. Dependencies come from requirements.lock, each with its hash.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/headwater
COPY requirements.lock containers/runtime_requirements.py ./
# Without what only developers and `headwater up` need.
RUN python runtime_requirements.py < requirements.lock > runtime.lock \
    && /opt/headwater/bin/pip install --no-cache-dir --require-hashes --only-binary :all: \
        --requirement runtime.lock
# The build's own tool, by its locked version, stays behind in this stage.
RUN python runtime_requirements.py hatchling < requirements.lock > build.lock \
    && pip install --no-cache-dir --require-hashes --requirement build.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/headwater/bin/pip install --no-cache-dir --no-deps dist/*.whl \
    && /opt/headwater/bin/pip uninstall --yes pip

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/headwater --create-home headwater
COPY --from=build /opt/headwater /opt/headwater
# It listens on all addresses of the container. Without HEADWATER_PRINCIPALS or HEADWATER_OIDC
# nobody may write then.
ENV PATH=/opt/headwater/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HEADWATER_HOST=0.0.0.0
USER 10001
WORKDIR /var/lib/headwater
EXPOSE 8001 8003 8004
HEALTHCHECK --interval=15s --timeout=10s --start-period=90s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8004/readyz', timeout=8)"]
CMD ["headwater", "serve"]
