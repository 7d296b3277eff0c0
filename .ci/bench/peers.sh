#!/usr/bin/env bash
# peers.sh {install|start|stop|args} [NAME...]   other WebDAV servers on loopback, to measure ours beside them; user u, password p.
# Data, configuration, logs and process id of each: $PEERS_DIR/NAME (by default /tmp/peers).
#
#   apache, nginx   from Debian's packages
#   xnet            bare golang.org/x/net/webdav
#   gofs            no WebDAV but its plain operations: http.ServeContent and io.Copy, a limit for a server in Go
#   gosync1m        the same, but what it answers is on the disk (temporary file, fsync, rename, fsync of the folder), through a buffer of 1 MiB
set -u
here=$(cd "$(dirname "$0")" && pwd)
dir=${PEERS_DIR:-/tmp/peers}
bin=$dir/bin
declare -A port=([apache]=9101 [nginx]=9102 [xnet]=9109 [gofs]=9110 [gosync1m]=9114)

install() {
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends apache2 apache2-utils nginx libnginx-mod-http-dav-ext >/dev/null
  mkdir -p "$bin"
  (cd "$here" && go build -o "$bin/davbench" davbench/*.go && go build -o "$bin/refserver" refserver/*.go)
}

configure() { # NAME: writes its configuration, and sets command
  local name=$1 d=$dir/$1 at=${port[$1]}
  mkdir -p "$d/data" "$d/tmp" "$dir/src"
  chmod 755 "$dir" "$d"
  case $name in
    apache)
      htpasswd -sbc "$d/htpasswd" u p 2>/dev/null
      mkdir -p "$d/var"
      chown -R www-data "$d/data" "$d/var"
      cat >"$d/conf" <<C
ServerRoot $d
ServerName 127.0.0.1
Listen 127.0.0.1:$at
PidFile $d/httpd.pid
ErrorLog $d/error.log
LogLevel warn
User www-data
Group www-data
$(for m in mpm_event authn_core authn_file authz_core authz_user auth_basic dav dav_fs mime setenvif; do echo "LoadModule ${m}_module /usr/lib/apache2/modules/mod_$m.so"; done)
TypesConfig /etc/mime.types
KeepAlive On
MaxKeepAliveRequests 0
EnableSendfile On
DavLockDB $d/var/DavLock
DocumentRoot $d/data
<Directory $d/data>
 Dav On
 AllowOverride None
 AuthType Basic
 AuthName dav
 AuthBasicProvider file
 AuthUserFile $d/htpasswd
 Require valid-user
</Directory>
C
      command=(/usr/sbin/apache2 -f "$d/conf" -DFOREGROUND) ;;
    nginx)
      htpasswd -sbc "$d/htpasswd" u p 2>/dev/null
      cat >"$d/conf" <<C
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
user root; worker_processes 2; daemon off; pid $d/nginx.pid; error_log $d/error.log error;
events { worker_connections 256; }
http { access_log off; sendfile on; keepalive_requests 1000000; include /etc/nginx/mime.types;
 client_max_body_size 0; client_body_temp_path $d/tmp; dav_ext_lock_zone zone=dav:10m;
 server { listen 127.0.0.1:$at; root $d/data;
  location / { auth_basic dav; auth_basic_user_file $d/htpasswd; dav_methods PUT DELETE MKCOL COPY MOVE;
   dav_ext_methods PROPFIND OPTIONS LOCK UNLOCK; dav_ext_lock zone=dav; create_full_put_path on; dav_access user:rw group:r all:r; } } }
C
      command=(/usr/sbin/nginx -c "$d/conf" -p "$d") ;;
    xnet) command=("$bin/refserver" -mode xnet -addr "127.0.0.1:$at" -root "$d/data") ;;
    gofs) command=("$bin/refserver" -mode raw -addr "127.0.0.1:$at" -root "$d/data") ;;
    gosync1m) command=("$bin/refserver" -mode raw -fsync -buf 1048576 -addr "127.0.0.1:$at" -root "$d/data") ;;
    *) echo "unknown: $name" >&2; return 1 ;;
  esac
}

alive() { [ -f "$dir/$1/pid" ] && kill -0 "$(cat "$dir/$1/pid")" 2>/dev/null; }

start() {
  alive "$1" && return
  configure "$1" || return 1
  (cd "$dir/$1" && exec setsid "${command[@]}" >out.log 2>&1 </dev/null) &
  echo $! >"$dir/$1/pid"
  for _ in $(seq 50); do
    [ "$(curl -s -m 2 -u u:p -o /dev/null -w '%{http_code}' "http://127.0.0.1:${port[$1]}/")" != 000 ] && break
    sleep .1
  done
  alive "$1" || { echo "$1 did not start"; tail -3 "$dir/$1/out.log"; return 1; }
}

stop() {
  alive "$1" && kill "$(cat "$dir/$1/pid")"
  rm -f "$dir/$1/pid"
}

args() { alive "$1" && printf -- '-peer %s=http://127.0.0.1:%s/,pid=%s ' "$1" "${port[$1]}" "$dir/$1/pid"; }

what=${1:-}
shift || true
[ $# -gt 0 ] || set -- apache nginx xnet gofs gosync1m
case $what in
  install) install ;;
  start|stop|args) for name; do $what "$name"; done ;;
  *) sed -n 2,8p "$0"; exit 2 ;;
esac
