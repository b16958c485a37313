# The trainer: from photos to a model bundle.  docker build -t partstrainer -f deploy/docker/trainer.Dockerfile .
# docker run --rm --gpus all -v /photos:/photos:ro -v /models:/models partstrainer train --help
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0
ARG RUNTIME=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04

FROM ${SDK} AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/PartsWorker.Trainer -c Release -r linux-x64 --no-self-contained -o /app

FROM ${DOTNET} AS dotnet

FROM ${RUNTIME}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libssl3t64 libturbojpeg tzdata && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The CUDA image has no .NET. Copying it avoids runtime packs, which the NuGet server of a closed network may lack.
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
ENV DOTNET_ROOT=/usr/share/dotnet
COPY --from=build /app .
USER 10001:10001
ENTRYPOINT ["./partstrainer"]
CMD ["--help"]
