# The command line in a small image: docker build -t ctxdebug . && docker run --rm -v "$PWD:/captures:ro" ctxdebug check /captures
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY ctxdebug ctxdebug
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.12-slim
COPY --from=build /wheels /wheels
COPY constraints.txt /wheels/
RUN pip install --no-cache-dir -c /wheels/constraints.txt /wheels/*.whl && rm -r /wheels \
    && useradd --create-home ctxdebug
USER ctxdebug
WORKDIR /captures
ENTRYPOINT ["ctxdebug"]
CMD ["--help"]
