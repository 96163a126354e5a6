# How the scripts of this folder reach the outside (docs/network.md): through a proxy, by a mirror,
# with certificates that a proxy brings along, or not at all, by a folder of libraries. Sourced by
# common.sh, never run.
#
#   HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY   in capitals or not; http://USER:PASSWORD@HOST:PORT
#   SSL_CERT_FILE          certificates to trust besides the usual ones, as PEM; REQUESTS_CA_BUNDLE,
#                          CURL_CA_BUNDLE, PIP_CERT and NODE_EXTRA_CA_CERTS count as well
#   KOLORS4J_MAVEN_MIRROR  the address of a mirror of Maven's central repository
#   KOLORS4J_LIBRARIES     a folder made by environment/pack: nothing is downloaded then

# Setup notes these two here, so that they need not be named again. Naming none forgets them:
# KOLORS4J_LIBRARIES= environment/setup
remembered="$build/network-settings.sh"
if [ -f "$remembered" ]; then . "$remembered"; fi
libraries="${KOLORS4J_LIBRARIES:-}"
maven_mirror="${KOLORS4J_MAVEN_MIRROR:-}"
if [ -n "$libraries" ] && [ ! -d "$libraries/repository" ]; then
  warn "KOLORS4J_LIBRARIES names $libraries, which is no folder made by environment/pack: it is not used."
  libraries=""
elif [ -n "$libraries" ]; then
  libraries="$(cd "$libraries" && pwd)"
fi

remember_network_settings() {
  {
    echo "# Written by environment/setup."
    [ -z "$libraries" ] ||
      printf '[ -n "${KOLORS4J_LIBRARIES+set}" ] || KOLORS4J_LIBRARIES=%q\n' "$libraries"
    [ -z "$maven_mirror" ] ||
      printf '[ -n "${KOLORS4J_MAVEN_MIRROR+set}" ] || KOLORS4J_MAVEN_MIRROR=%q\n' "$maven_mirror"
  } >"$remembered"
}

# A path as an address, for programs that end it at a space.
file_address() { printf 'file://%s' "$1" | sed 's/%/%25/g; s/ /%20/g'; }

# Which system this is, for packages that fit no other: debian bookworm.
system_release() {
  (. /etc/os-release 2>/dev/null && say "${ID:-} ${VERSION_CODENAME:-}") || uname
}

# --- Proxies -------------------------------------------------------------------------------------

# Programs differ in what they read: apt and curl lower case, others capitals, few ALL_PROXY. All are
# given all; lower case goes first, as in curl and in Python.
share_proxy_variables() {
  local http="${http_proxy:-${HTTP_PROXY:-}}" https="${https_proxy:-${HTTPS_PROXY:-}}"
  local all="${all_proxy:-${ALL_PROXY:-}}" not="${no_proxy:-${NO_PROXY:-}}"
  case "$all" in socks*) ;; *) http="${http:-$all}" https="${https:-$all}" ;; esac
  # apt wants the scheme.
  case "$http" in '' | *://*) ;; *) http="http://$http" ;; esac
  case "$https" in '' | *://*) ;; *) https="http://$https" ;; esac
  [ -z "$http" ] || export http_proxy="$http" HTTP_PROXY="$http"
  [ -z "$https" ] || export https_proxy="$https" HTTPS_PROXY="$https"
  [ -z "$not" ] || export no_proxy="$not" NO_PROXY="$not"
}
share_proxy_variables

# Sets proxy_host, proxy_port, proxy_user and proxy_password from http://USER:PASSWORD@HOST:PORT.
split_proxy() {
  local rest="${1#*://}" user=""
  rest="${rest%%/*}"
  if [[ $rest == *@* ]]; then user="${rest%@*}" rest="${rest##*@}"; fi
  proxy_port=80
  if [[ $rest =~ :([0-9]+)$ ]]; then proxy_port="${BASH_REMATCH[1]}" rest="${rest%:*}"; fi
  rest="${rest#[}"
  proxy_host="${rest%]}"
  proxy_user="$(percent_decoded "${user%%:*}")" proxy_password=""
  [[ $user != *:* ]] || proxy_password="$(percent_decoded "${user#*:}")"
}

percent_decoded() {
  local text="${1//\\/\\\\}"
  printf '%b' "${text//%/\\x}"
}

# A proxy's address for people: without its password.
shown_proxy() { printf '%s' "$1" | sed -E 's#^([^/]*//)?[^@/]*@#\1…@#'; }

# --- Certificates --------------------------------------------------------------------------------

# The files with certificates that a person named, one a line.
named_certificates() {
  local file
  for file in "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" "${CURL_CA_BUNDLE:-}" "${PIP_CERT:-}" \
    "${NODE_EXTRA_CA_CERTS:-}"; do
    if [ -n "$file" ] && [ -f "$file" ] && [ "$file" != "$certificates" ]; then printf '%s\n' "$file"; fi
  done | sort -u
}

system_certificates() {
  local file
  for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem \
    "$build/system/usr/share/ca-certificates/all.crt"; do
    if [ -f "$file" ]; then printf '%s\n' "$file"; return; fi
  done
}

certificates="$build/certificates/all.pem"

# Programs take such a file instead of the system's, Java has a store of its own, and each reads
# another variable: one file with all certificates, which all variables name.
share_certificates() {
  local named file
  for file in "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}"; do
    if [ -n "$file" ] && [ ! -f "$file" ]; then
      warn "SSL_CERT_FILE or REQUESTS_CA_BUNDLE names $file, which is not there."
    fi
  done
  named="$(named_certificates)"
  [ -n "$named" ] || return 0
  # In a folder that cannot be written to, each program takes what it reads by itself.
  mkdir -p "$build/certificates" 2>/dev/null && : 2>/dev/null >"$certificates.new" || return 0
  { system_certificates; printf '%s\n' "$named"; } | sort -u | while read -r file; do
    cat "$file"
    echo
  done >"$certificates.new"
  if cmp -s "$certificates.new" "$certificates"; then
    rm "$certificates.new"
  else
    mv "$certificates.new" "$certificates"
  fi
  export SSL_CERT_FILE="$certificates" REQUESTS_CA_BUNDLE="$certificates" \
    CURL_CA_BUNDLE="$certificates" PIP_CERT="$certificates" NODE_EXTRA_CA_CERTS="$certificates" \
    GIT_SSL_CAINFO="$certificates"
}
share_certificates

# Makes Java's store from that file, with the JDK named; prints where it is, or nothing.
java_trust_store() {
  local store="$build/certificates/java.jks"
  if [ ! -f "$certificates" ] || [ -z "$(named_certificates)${SSL_CERT_FILE:-}" ]; then return 0; fi
  if [ ! -f "$store" ] || [ "$certificates" -nt "$store" ]; then
    "$1/bin/java" "$home/environment/TrustStore.java" "$store" "$certificates" >&2 || return 0
  fi
  printf '%s\n' "$store"
}

# --- Maven ---------------------------------------------------------------------------------------

xml() { printf '%s' "$1" | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

# NO_PROXY as Maven writes it: a domain stands for all in it, there by a star. Ranges of addresses
# are not known to Maven.
maven_no_proxy() {
  local entry parts=()
  for entry in $(printf '%s' "${no_proxy:-}" | tr ',*' ' \001'); do
    entry="${entry//$'\001'/*}"
    [[ $entry == *:*:* ]] || entry="${entry%:*}"
    entry="${entry#\*.}"
    case "$entry" in
      '' | */*) ;;
      \*) parts+=('*') ;;
      .*) parts+=("${entry#.}" "*$entry") ;;
      *) parts+=("$entry" "*.$entry") ;;
    esac
  done
  (IFS='|'; printf '%s' "${parts[*]+"${parts[*]}"}")
}

maven_proxy() {
  local scheme="$1" address="$2"
  [ -n "$address" ] || return 0
  split_proxy "$address"
  # The password comes from the environment, so that none is left in a file.
  cat <<XML
    <proxy>
      <id>kolors4j-$scheme</id><active>true</active><protocol>$scheme</protocol>
      <host>$(xml "$proxy_host")</host><port>$proxy_port</port>
      <nonProxyHosts>$(xml "$(maven_no_proxy)")</nonProxyHosts>
XML
  if [ -n "$proxy_user" ]; then
    say "      <username>\${env.KOLORS4J_PROXY_USER_$scheme}</username>"
    say "      <password>\${env.KOLORS4J_PROXY_PASSWORD_$scheme}</password>"
  fi
  say "    </proxy>"
}

# Sets maven_network, what Maven must be told: settings of ours, before those of this user.
prepare_maven() {
  local file="$build/maven-network.xml" store scheme address mirror="$maven_mirror"
  maven_network=()
  store="$(java_trust_store "$1")"
  [ -z "$store" ] || maven_network+=("-Djavax.net.ssl.trustStore=$store")
  [ -z "$libraries" ] || mirror="$(file_address "$libraries/repository")"
  if [ -z "$mirror${http_proxy:-}${https_proxy:-}" ]; then rm -f "$file"; return; fi
  for scheme in http https; do
    address="${scheme}_proxy"
    split_proxy "${!address:-}"
    export "KOLORS4J_PROXY_USER_$scheme=$proxy_user" "KOLORS4J_PROXY_PASSWORD_$scheme=$proxy_password"
  done
  {
    say "<settings>"
    if [ -n "$mirror" ]; then
      say "  <mirrors><mirror><id>kolors4j</id><mirrorOf>*</mirrorOf><url>$(xml "$mirror")</url></mirror></mirrors>"
    fi
    say "  <proxies>"
    maven_proxy http "${http_proxy:-}"
    maven_proxy https "${https_proxy:-}"
    say "  </proxies>"
    say "</settings>"
  } >"$file.new"
  mv "$file.new" "$file"
  maven_network+=(-s "$file")
  [ ! -f "${HOME:-/none}/.m2/settings.xml" ] || maven_network+=(-gs "$HOME/.m2/settings.xml")
}

# --- What went wrong -----------------------------------------------------------------------------

# Says what a failed download's words mean, given the file with them.
explain_network_failure() {
  local words=""
  [ ! -f "$1" ] || words="$(cat "$1")"
  case "$words" in
    *"PKIX path"* | *CERTIFICATE_VERIFY_FAILED* | *"certificate verify failed"* | *"Certificate verification failed"* | *"certificate is NOT trusted"*)
      warn "  The server's certificate is of nobody that this machine trusts: a proxy that reads along puts its own"
      warn "  in the way. Get that certificate as a PEM file and name it: export SSL_CERT_FILE=/path/to/it.pem" ;;
    *"407"*"roxy"* | *"roxy"*"407"*)
      warn "  The proxy wants a user name and a password, or other ones:"
      warn "  export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT HTTP_PROXY=\$HTTPS_PROXY (special characters as %40 for @)" ;;
    *"Unknown host"* | *UnknownHost* | *"Name or service not known"* | *"Temporary failure"* | *"Could not resolve host"* | *"Could not resolve '"* | *"Network is unreachable"* | \
      *"onnection refused"* | *"onnect timed out"* | *"Connection timed out"* | *"Could not connect"* | *"No route to host"*)
      warn "  The network was not reached. Behind a proxy: export HTTPS_PROXY=http://HOST:PORT HTTP_PROXY=\$HTTPS_PROXY;"
      warn "  a mirror: KOLORS4J_MAVEN_MIRROR for Maven, PIP_INDEX_URL for pip; without a network: environment/pack on"
      warn "  another machine, and KOLORS4J_LIBRARIES here. docs/network.md has all of it." ;;
  esac
}
