#!/usr/bin/env bash
# local-feed.sh: makes the packages available that this machine's NuGet does not have.
#
#   deploy/local-feed.sh           ask NuGet first; assemble only what is missing, from npm packages, into .feed/
#   deploy/local-feed.sh --gpu     with the CUDA provider (230 MB more; the default where an NVIDIA GPU is found)
#   deploy/local-feed.sh --no-gpu  without it
#   deploy/local-feed.sh --force   ask again and rebuild
#
# NuGet and npm are used as this machine is set up. Every npm package is pinned by its hash in feed/package-lock.json
# and none of their scripts are run. Where NuGet has everything, .feed/ stays empty. A second run does nothing.
# Example: deploy/local-feed.sh && dotnet build
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

feed=$REPO/.feed work=$REPO/.feed/work
gpu=auto force=no
for argument in "$@"; do
    case $argument in
        --gpu) gpu=yes ;;
        --no-gpu) gpu=no ;;
        --force) force=yes ;;
        -h | --help) show_help; exit 0 ;;
        *) die "unknown argument '$argument'; see --help" 2 ;;
    esac
done

pinned() { sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" "$REPO/Directory.Packages.props"; }
onnx_id=Microsoft.ML.OnnxRuntime.Gpu image_id=SixLabors.ImageSharp
onnx_version=$(sed -n 's/.*<OnnxRuntimeVersion[^>]*>\([^<]*\)<.*/\1/p' "$REPO/Directory.Packages.props")
image_version=$(pinned "$image_id")
[ -n "$onnx_version" ] && [ -n "$image_version" ] || die "Directory.Packages.props no longer pins $onnx_id and $image_id"

has_gpu() { [ -e /dev/nvidia0 ] || { command -v nvidia-smi >/dev/null && nvidia-smi -L 2>/dev/null | grep -q GPU; }; }
if [ "$gpu" = auto ]; then has_gpu && gpu=yes || gpu=no; fi

# Everything the result depends on. It names the package's version too, so that NuGet's global folder, which keeps the
# first package it sees of a version, never serves one built from other parts.
stamp=$({ echo "$onnx_version $image_version gpu=$gpu"; cat "$REPO"/deploy/feed/*; } | sha256sum | cut -c1-12)
local_version=$onnx_version-local.$stamp

up_to_date() {
    [ "$force" = no ] && [ "$(cat "$feed/stamp" 2>/dev/null)" = "$stamp" ] &&
        { [ ! -s "$feed/SHA256SUMS" ] || (cd "$feed" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1); }
}

# Restores one package in an empty project, with the NuGet configuration that the solution will see.
nuget_has() {
    rm -rf "$work" && mkdir -p "$work"
    cat >"$work/probe.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="$1" Version="$2" /></ItemGroup>
</Project>
XML
    dotnet restore "$work/probe.csproj" "${isolated[@]}" >"$work/probe.log" 2>&1 && ! grep -q NU1603 "$work/probe.log"
}
isolated=(-p:ImportDirectoryBuildProps=false -p:ImportDirectoryBuildTargets=false -p:ImportDirectoryPackagesProps=false -p:ArtifactsPath= --nologo -v:q)

why_not() { sed -n 's/.*\(NU[0-9]\{4\}: .*\)/\1/p' "$work/probe.log" | head -1 | sed 's/\. .*//; s#[a-z]*://[^ ]*#the registry#g'; }

fetch_parts() {
    [ "$(uname -sm)" = "Linux x86_64" ] ||
        die "NuGet lacks $1, and it can be assembled only on Linux x64; use a NuGet source that has it"
    command -v npm >/dev/null || apt_install npm ||
        die "NuGet lacks $1 and npm, its second source, is not installed; install Node.js or use a NuGet source that has the package"
    rm -rf "$work" && mkdir -p "$work"
    cp "$REPO"/deploy/feed/* "$work/"
    local omit=(); [ "$gpu" = yes ] || omit=(--omit=optional)
    say "fetching the parts with npm (about $([ "$gpu" = yes ] && echo 420 || echo 190) MB)"
    (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error "${omit[@]}" >npm.log 2>&1) ||
        die "NuGet lacks $1 and npm cannot fetch its parts: $(grep -m1 'npm error' "$work/npm.log" | sed 's#[a-z]*://[^ ]*#the registry#g')"
}

build_onnx_package() {
    mkdir "$work/native"
    # The build for GPUs: the one in the other package cannot add the CUDA provider.
    mv "$work/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1" "$work/native/libonnxruntime.so"
    if [ "$gpu" = yes ]; then
        find "$work/node_modules/com.github.asus4.onnxruntime.linux-x64-gpu" \
            \( -name libonnxruntime_providers_shared.so -o -name libonnxruntime_providers_cuda.so \) -exec mv -t "$work/native" {} +
        [ -e "$work/native/libonnxruntime_providers_cuda.so" ] || die "the npm package holds no CUDA provider"
    fi
    dotnet pack "$work/OnnxRuntime.csproj" -c Release -o "$feed/packages" "-p:Version=$local_version" "${isolated[@]}" >"$work/pack.log" 2>&1 ||
        die "$onnx_id could not be assembled: $(grep -m1 'error' "$work/pack.log")"
}

copy_libvips() {
    mkdir -p "$feed/libvips"
    cp "$work"/node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.* "$feed/libvips/libvips.so.42"
}

write_props() {
    cat >"$feed/Feed.props" <<XML
<Project>
  <PropertyGroup>
$([ "$onnx" = nuget ] || cat <<ONNX
    <RestoreAdditionalProjectSources>\$(RestoreAdditionalProjectSources);\$(MSBuildThisFileDirectory)packages</RestoreAdditionalProjectSources>
    <OnnxRuntimeVersion>$local_version</OnnxRuntimeVersion>
ONNX
)
$([ "$image" = nuget ] || echo "    <HasImageSharp>false</HasImageSharp>")
  </PropertyGroup>
</Project>
XML
}

require_sdk
if up_to_date; then say "local feed: up to date, nothing to do"; exit 0; fi

say "local feed: asking NuGet for $onnx_id $onnx_version and $image_id $image_version"
rm -rf "$feed"
onnx=nuget image=nuget missing=
nuget_has "$onnx_id" "$onnx_version" || { onnx=feed missing=$onnx_id; say "  missing: $(why_not)"; }
nuget_has "$image_id" "$image_version" || { image=none missing=${missing:-$image_id}; say "  missing: $(why_not)"; }

if [ -n "$missing" ]; then
    fetch_parts "$missing"
    if [ "$onnx" = feed ]; then build_onnx_package; fi
    if [ "$image" = none ]; then copy_libvips; fi
    write_props
    (cd "$feed" && find packages libvips Feed.props -type f 2>/dev/null | sort | xargs sha256sum >SHA256SUMS)
fi
rm -rf "$work"
echo "$stamp" >"$feed/stamp"

[ -n "$missing" ] || say "local feed: NuGet has everything, nothing to assemble"
[ "$onnx" = nuget ] || say "local feed: $onnx_id assembled in .feed/packages ($([ "$gpu" = yes ] && echo "CPU and CUDA" || echo "CPU only; --gpu adds CUDA"))"
[ "$image" = nuget ] || say "local feed: $image_id is not to be had; images are decoded with libvips from .feed/libvips"
