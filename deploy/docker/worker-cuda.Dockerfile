# The worker on an NVIDIA GPU, with CUDA 13 and cuDNN 9.  docker build -t partsworker:cuda -f deploy/docker/worker-cuda.Dockerfile .
# In a closed network, set the three base images with --build-arg.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0
ARG RUNTIME=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/PartsWorker -c Release -r linux-x64 --no-self-contained -o /app

FROM ${DOTNET} AS dotnet

FROM ${RUNTIME}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3t64 libturbojpeg tzdata && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The CUDA image has no .NET. Copying it avoids runtime packs, which the NuGet server of a closed network may lack.
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
ENV DOTNET_ROOT=/usr/share/dotnet
COPY --from=build /app .
COPY models models
# Find missing libraries now, not when the first worker starts. The provider links to some of its libraries; it opens cuDNN and cuFFT only
# when a graph needs them, so load those explicitly. libcuda.so.1 comes from the driver of the host.
RUN test -f libonnxruntime_providers_cuda.so && missing=$(ldd libonnxruntime_providers_cuda.so | grep 'not found' | grep -v libcuda.so.1 || true) && \
    unloadable=$(LD_PRELOAD="libcudnn.so.9 libcudnn_graph.so.9 libcudnn_ops.so.9 libcudnn_cnn.so.9 libcufft.so.12" /bin/true 2>&1) && \
    test -z "$missing$unloadable" || { echo "$missing$unloadable"; exit 1; }
ENV DOTNET_gcServer=0 DOTNET_EnableDiagnostics=0 Health__Port=8080 Logging__Format=json Inference__Device=cuda
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["./partsworker"]
CMD ["run"]
