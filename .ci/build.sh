# Sourced by run, firezone, simulate and test, from the root of the repository: a quiet build, and none when nothing has changed.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

demand_sdk() {
  local help='https://dotnet.microsoft.com/download'
  if ! command -v dotnet >/dev/null; then
    echo "$(basename "$0"): the .NET 10 SDK is missing (no 'dotnet' on the PATH); $help" >&2
    exit 1
  elif ! dotnet --version >/dev/null 2>&1; then
    echo "$(basename "$0"): no .NET 10 SDK among the installed ones (global.json asks for 10.0.100 or later); $help" >&2
    exit 1
  fi
}

# Builds a project or solution in Release; on failure prints the errors and nothing else.
build() {
  local output
  output=$(dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary 2>&1) && return 0
  { grep -E '(: |^)error ' <<<"$output" || tail -n 20 <<<"$output"; } | sed "s/ \[[^]]*\]\$//; s|^$PWD/||" | sort -u
  return 1
}

# A build in which nothing changes still costs seconds. The stamp carries the time at which the last good build began; directories are
# looked at too, because a deleted file leaves nothing newer behind; but not the projects' own, which the build itself changes.
up_to_date() {
  local program=$1 stamp=$2
  [[ -f $program && -f $stamp ]] || return 1
  [[ -z $(find Directory.Build.props Directory.Packages.props global.json \
      Admin Cli Edge Gateway.WebSockets Grains Grains.Abstractions Membership.Postgres Silos Storage.Postgres Wire bench \
      \( -name bin -o -name obj -o -name node_modules \) -prune -o \( -type f -o -path '*/*' \) -newer "$stamp" -print -quit 2>/dev/null) ]]
}

# Builds a project unless its program is newer than every source.
build_if_changed() {
  local project=$1 program=$2 stamp
  stamp=$(dirname "$project")/obj/built.stamp
  up_to_date "$program" "$stamp" && return 0
  demand_sdk
  echo "building ..." >&2
  mkdir -p "$(dirname "$stamp")"
  touch "$stamp.new"
  if ! build "$project" >&2; then
    rm -f "$stamp.new"
    echo "$(basename "$0"): the build failed" >&2
    exit 1
  fi
  mv "$stamp.new" "$stamp"
}
