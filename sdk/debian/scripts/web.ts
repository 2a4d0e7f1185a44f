// How the static web server is configured: as a user without rights, on a read-only root, with
// /tmp as the only place to write. Times of files in an image are all alike, so that neither
// Last-Modified nor nginx's ETag (time and size) would tell one page from the next: both are off.

export const nginxConfig = `daemon off;
pid /tmp/nginx.pid;
worker_processes 2;
error_log stderr warn;
# A request that takes longer than this after the stop signal is cut; the engine's own grace is
# usually shorter.
worker_shutdown_timeout 120s;

events { worker_connections 1024; }

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  charset utf-8;
  map $http_user_agent $logged { default 1; dw-health 0; }
  access_log /dev/stdout combined if=$logged;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  # A connection is closed only once the client has closed its side: what the kernel still has to
  # send would be lost with the container's network.
  lingering_close always;
  lingering_time 60s;
  lingering_timeout 10s;
  etag off;
  if_modified_since off;
  client_body_temp_path /tmp/body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  server {
    listen 8080 default_server;
    root /srv/www;
    index index.html;
    add_header Last-Modified "" always;
    location / { try_files $uri $uri/ =404; }
  }
}
`;

export const welcomePage = `<!doctype html>
<html lang="en">
<title>It works</title>
<p>This page is part of the image. Put yours into /srv/www.</p>
</html>
`;
