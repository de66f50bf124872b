# Two images: `app`, and `proxy` with nginx and the files that never change. `docker compose up` builds both.
ARG PYTHON=docker.io/library/python:3.12-slim-bookworm
ARG DEBIAN=docker.io/library/debian:bookworm-slim

FROM ${PYTHON} AS app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt .
# TensorFlow's C++ headers are a sixth of everything, and nobody compiles against them here.
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check -r requirements.txt \
    && rm -rf /opt/venv/lib/python3*/site-packages/tensorflow/include
COPY app.py serve.py pyproject.toml ./
COPY .streamlit .streamlit
COPY corner_lab corner_lab
COPY ui ui
RUN python3 -m compileall -q app.py serve.py corner_lab ui \
    && useradd --system --uid 10001 --no-create-home lab
USER lab
EXPOSE 8501
STOPSIGNAL SIGTERM
# TensorFlow takes seconds to load, and the page works meanwhile: healthy is what can be looked at.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python3", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["python3", "serve.py", "--server.address", "0.0.0.0", "--server.headless", "true"]

FROM app AS files
USER root
RUN apt-get update && apt-get install -y --no-install-recommends brotli && rm -rf /var/lib/apt/lists/*
COPY tools/static_files.py tools/
RUN python3 tools/static_files.py /srv/corner-lab

FROM ${DEBIAN} AS proxy
RUN apt-get update \
    && apt-get install -y --no-install-recommends nginx libnginx-mod-http-brotli-static \
    && rm -rf /var/lib/apt/lists/*
COPY deploy/nginx.conf /etc/nginx/nginx.conf
COPY --from=files /srv/corner-lab /srv/corner-lab
USER www-data
EXPOSE 8080
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
