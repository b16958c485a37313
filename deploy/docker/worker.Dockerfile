# The worker on CPU.  docker build -t partsworker:cpu -f deploy/docker/worker.Dockerfile .
# In a closed network, set the two base images with --build-arg. On ARM, add --build-arg RID=linux-arm64.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK} AS build
ARG RID=linux-x64
WORKDIR /source
COPY . .
RUN dotnet publish src/PartsWorker -c Release -r ${RID} --no-self-contained -p:OnnxRuntimeFlavor=Cpu -o /app

FROM ${RUNTIME}
# libjpeg-turbo decodes small JPEGs in about two thirds of the time that libvips needs. Without access to packages, the build continues without it.
RUN (apt-get update && (apt-get install -y --no-install-recommends libturbojpeg || apt-get install -y --no-install-recommends libturbojpeg0) \
    && rm -rf /var/lib/apt/lists/*) || echo "libjpeg-turbo could not be installed: JPEGs are decoded by libvips alone"
WORKDIR /app
COPY --from=build /app .
COPY models models
# The pipeline already uses one thread per core; the server garbage collector would add a heap per core.
ENV DOTNET_gcServer=0 DOTNET_EnableDiagnostics=0 Health__Port=8080 Logging__Format=json
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["./partsworker"]
CMD ["run"]
