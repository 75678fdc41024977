## 11 inspect -f range .NetworkSettings.Networks
same "$(docker inspect -f '{{.NetworkSettings.Networks.habits.IPAddress}}' web)" docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web

## 14 images, -q, -a, REPO, --filter, --digests, rmi -f
has '^REPOSITORY' docker images
has '^[0-9a-f]{12}' docker images -q
has busybox docker images -a busybox
has busybox docker images --digests --filter reference=busybox
docker images --filter dangling=true -q
docker tag busybox spare
docker rmi -f spare

## 19 network inspect
has '"Name": "habits"' docker network inspect habits

## 20 inspect: Mounts, RestartCount, LogPath, HostConfig
same '0 no []' docker inspect -f '{{.RestartCount}} {{.HostConfig.RestartPolicy.Name}} {{.Mounts}}' web
has '/' docker inspect -f '{{.LogPath}}' web

## 21 inspect -f .State.Status, .Running, .Pid, .ExitCode, .Id, .Name, .Config.Image
same 'running true 0 /web busybox' docker inspect -f '{{.State.Status}} {{.State.Running}} {{.State.ExitCode}} {{.Name}} {{.Config.Image}}' web

## 22 inspect -f '{{json .X}}'
same '"/web"' docker inspect -f '{{json .Name}}' web

## 23 inspect -f index (index .NetworkSettings.Ports "80/tcp") 0
same 8090 docker inspect -f '{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}' web

## 24 inspect -f .NetworkSettings.IPAddress
docker inspect -f '{{.NetworkSettings.IPAddress}}' web

## 25 inspect -f .State.Health.Status
docker run -d --name checked --health-cmd true --health-interval 30s busybox sleep 600
has 'starting|healthy' docker inspect -f '{{.State.Health.Status}}' checked
has 'none' docker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' web
docker rm -f checked

## 37 ps --filter name=, label, status, network, id: names are regular expressions
same web docker ps --filter name=^web$ --format '{{.Names}}'
same web docker ps --filter name=^/web$ --format '{{.Names}}'
same web docker ps --filter 'name=w[e]b' --format '{{.Names}}'
same web docker ps --filter network=habits --filter status=running --format '{{.Names}}'
fails 2 'foo' docker ps --filter status=foo || fails 1 'foo' docker ps --filter status=foo

## 38 ps --filter ancestor, publish, expose, exited, health, since, before, volume
same web docker ps --filter ancestor=busybox --filter publish=80 --format '{{.Names}}'
docker ps -a --filter exited=1 --filter health=none
docker ps --filter since=web
docker ps --filter before=web
docker ps --filter volume=/nothing --filter expose=80

## 39 ps --format fields, table, json, .Size, .Mounts, .Label "x"
same 'yes' docker ps --filter name=^web$ --format '{{.Label "habit"}}'
docker ps --format 'table {{.ID}}\t{{.Size}}\t{{.Mounts}}'
has '"Names":"web"' docker ps --format json

## 66 image inspect
has 'busybox:latest' docker image inspect -f '{{index .RepoTags 0}}' busybox

## 67 load -i, import
docker save -o "$WORK/saved.tar" busybox
docker load -i "$WORK/saved.tar"
docker load <"$WORK/saved.tar"
docker export web | docker import - imported:1
docker rmi imported:1

## 69 version
has '[0-9]+\.[0-9]+' docker version --format '{{.Server.Version}}'
has 'Version' docker version

## 70 info, --format
has . docker info
has '[0-9]' docker info --format '{{.ServerVersion}}'

## 71 system df
has '^Images' docker system df
docker system df -v

## 77 -D, --debug before the command
docker -D ps
docker --debug ps

## 78 -H, --log-level, --context
absent 'machine|daemon' -H tcp://127.0.0.1:1 ps
absent 'debug' --log-level debug ps
absent 'machine|daemon' --context x ps

## 80 incus: launch, list, shell, config show, network delete
absent 'tsd run' launch busybox
absent 'tsd ps' list
absent 'tsd network rm' network delete habits
