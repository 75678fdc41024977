## 1 run -d --name, --rm, -it, -dit
docker run -d --name one busybox sleep 600
same hello docker run --rm busybox echo hello
docker run -dit --name two busybox sh
has 'one' docker ps
docker rm -f one two

## 2 ps, ps -a, -q, -aq: IMAGE is there, NAMES is last
has '^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES$' docker ps
same web sh -c '"$TSD" ps | awk "NR > 1 {print \$NF}" | grep -x web'
same "$(docker ps -q)" docker ps -aq --filter status=running

## 3 run -p h:c, ip:h:c, ranges, /udp, /sctp, ip::c, 0
docker run -d --name ports -p 127.0.0.1:7001:80 -p 7002-7003:80-81 -p 7004:53/udp -p 127.0.0.1::90 -p 0:91 busybox sleep 600
has '127.0.0.1:7001' docker port ports 80
has ':[1-9][0-9]+$' docker port ports 91
docker rm -f ports

## 4 exec -it, -e, -u, -w
same 'x nobody /tmp' docker exec -e A=x -u nobody -w /tmp web sh -c 'echo $A $(id -un) $(pwd)'

## 5 logs, -f, --tail, -n, -t
docker run --name talks busybox sh -c 'echo one; echo two'
same two docker logs --tail 1 talks
same two docker logs -n 1 talks
has '^2[0-9-]+T.* two$' docker logs -t -f talks
docker rm talks

## 6 pull
fails 1 'registry|reach|connect|look' timeout 60 "$TSD" pull 127.0.0.1:9/no/such:image

## 8 run -v /h:/c[:ro]
mkdir -p "$WORK/shown"
echo there >"$WORK/shown/file"
same there docker run --rm -v "$WORK/shown:/c:ro" busybox cat /c/file
fails 1 'Read-only' docker run --rm -v "$WORK/shown:/c:ro" busybox touch /c/x

## 9 run -e, --env-file
printf 'B=two\n' >"$WORK/env"
same 'one two' docker run --rm -e A=one --env-file "$WORK/env" busybox sh -c 'echo $A $B'

## 10 stop -t, start, restart -t, rm, rm -f, rm -v, stop -s
docker run -d --name ends busybox sleep 600
docker stop -t 0 ends
docker start ends
docker restart -t 0 ends
docker stop -s KILL ends
docker rm -v ends
docker rm -f ends

## 13 run --restart no, always, unless-stopped, on-failure
docker run -d --name again --restart on-failure:2 busybox false
until_so sh -c 'test "$("$TSD" inspect -f "{{.RestartCount}} {{.State.Status}}" again)" = "2 exited"'
same on-failure docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' again
docker rm -f again
docker run --rm --restart=no busybox true
docker run -d --name always --restart always busybox sleep 600
docker stop -t 0 always
same exited docker inspect -f '{{.State.Status}}' always
docker rm always
docker run -d --name unless --restart unless-stopped busybox sleep 600
docker rm -f unless

## 26 cp
echo in >"$WORK/in"
docker cp "$WORK/in" web:/tmp/in
same in docker exec web cat /tmp/in
docker cp web:/tmp/in "$WORK/out"
same in cat "$WORK/out"
docker cp web:/tmp/in - | tar -t | grep -qx in

## 27 stats
has 'web' docker stats --no-stream
same web docker stats --no-stream --format '{{.Name}}' web

## 28 top
has 'httpd|sleep' docker top web
has 'COMMAND|CMD' docker top web -o pid,comm

## 29 attach, --detach-keys
docker run -d --name talker -i busybox cat
echo words | timeout -k 5 5 "$TSD" attach --sig-proxy=false --detach-keys ctrl-x,q talker >"$WORK/attached" || true
has words docker logs talker
docker rm -f talker

## 30 volume create, ls, rm, -v name:/x
docker volume create one
docker run --rm -v one:/x busybox sh -c 'echo kept >/x/file'
same kept docker run --rm -v one:/x busybox cat /x/file
same one docker volume ls -q --filter name=one
same one docker volume inspect -f '{{.Name}}' one
docker volume rm one
docker run --rm -v /data busybox touch /data/file

## 31 --mount type=bind, volume, tmpfs
docker run --rm --mount "type=bind,src=$WORK,dst=/w,ro" --mount type=volume,source=two,target=/v --mount type=tmpfs,destination=/t,tmpfs-size=1m busybox touch /v/x /t/x
docker volume rm two

## 32 --privileged
docker run --rm --privileged busybox sh -c 'mount -t tmpfs x /mnt 2>/dev/null || mkdir -p /mnt && mount -t tmpfs x /mnt'

## 33 --cap-add, --cap-drop
docker run --rm --cap-add NET_ADMIN busybox ip link set lo down
fails 1 '' docker run --rm --cap-drop ALL busybox chown 1 /tmp

## 34 system prune, container prune, image prune, volume prune
docker create --name gone busybox true
has 'gone|[0-9a-f]{64}' docker container prune -f --filter label!=keep
docker volume create unused
has 'unused' docker volume prune -a -f
docker image prune -f
docker system prune -f

## 44 --entrypoint, ""
same a docker run --rm --entrypoint echo busybox a
same a docker run --rm --entrypoint '' busybox echo a

## 45 -w, -u, -h, -l
same '/tmp nobody named' docker run --rm -w /tmp -u nobody -h named -l tier=web busybox sh -c 'echo $(pwd) $(id -un) $(hostname)'

## 46 -m, --cpus, --cpuset-cpus
docker run --rm -m 64m --cpus 0.5 --cpuset-cpus 0 busybox true
fails 125 '6|at least|minimum' docker run --rm -m 1 busybox true
fails 125 '99' docker run --rm --cpuset-cpus 99 busybox true

## 47 --memory-swap, --memory-reservation, --cpu-shares, -c, --cpu-quota, --pids-limit, --oom-*, --blkio-weight
docker run --rm -m 64m --memory-swap 128m --memory-reservation 32m --cpu-shares 512 --cpu-period 50000 --cpu-quota 25000 --pids-limit 20 --oom-score-adj 500 busybox true
docker run --rm -c 512 busybox true

## 48 --ulimit
same 77 docker run --rm --ulimit nofile=77:99 busybox sh -c 'ulimit -n'

## 49 --health-cmd, --no-healthcheck
docker run -d --name well --health-cmd true --health-interval 100ms --health-retries 2 --health-timeout 5s --health-start-period 1s busybox sleep 600
until_so sh -c 'test "$("$TSD" inspect -f "{{.State.Health.Status}}" well)" = healthy'
has 'healthy' docker ps --filter health=healthy
docker rm -f well
docker run --rm --no-healthcheck busybox true

## 55 --tmpfs, --read-only, --shm-size
docker run --rm --tmpfs /t:size=1m,mode=1777 --read-only --shm-size 1m busybox sh -c 'touch /t/x; ! touch /x 2>/dev/null; df /dev/shm | grep -q 1024'

## 56 --device, /dev/net/tun
docker run --rm --device /dev/null:/dev/zip busybox test -c /dev/zip

## 57 --security-opt
docker run --rm --security-opt no-new-privileges --security-opt seccomp=unconfined busybox grep -q 'NoNewPrivs:.1' /proc/self/status

## 59 --init
same init docker run --rm --init busybox cat /proc/1/comm

## 60 --pid, --ipc, --uts, --userns, --cgroupns: host, container
docker run --rm --pid host --ipc host --uts host --userns host --cgroupns host busybox true
has 'httpd|sleep' docker run --rm --pid container:web busybox ps

## 61 logs --since, --until, --details
docker run --name timed busybox echo now
same now docker logs --since 10m timed
same '' docker logs --until 2020-01-01T00:00:00Z timed
docker logs --details timed
docker rm timed

## 62 events, --since, --until, --filter, --format
since=$(date +%s)
docker run --rm --name evented busybox true
has 'container (start|die) [0-9a-f]{64} \(.*name=evented' docker events --since "$since" --until 0s --filter type=container
has '^die$' docker events --since "$since" --until 0s --filter container=evented --format '{{.Action}}'

## 63 exec -d, --privileged, --env-file
printf 'B=two\n' >"$WORK/env"
same two docker exec --env-file "$WORK/env" --privileged web sh -c 'echo $B'
docker exec -d web touch /tmp/done
until_so docker exec web test -e /tmp/done

## 64 wait, kill -s, create, start -a
docker create --name code busybox sh -c 'echo out; exit 3'
fails 3 out docker start -a code
same 3 docker wait code
docker rm code
docker run -d --name killed busybox sleep 600
docker kill -s TERM killed
docker rm -f killed

## 65 pause, unpause, rename, update, diff, export, save, tag, history
docker run -d --name other busybox sleep 600
docker pause other
same true docker inspect -f '{{.State.Paused}}' other
docker unpause other
docker rename other else
docker update --memory 64m --memory-swap -1 else
docker exec else touch /new
has 'A /new' docker diff else
docker export else | tar -t | grep -q '^new$'
docker tag busybox busybox:tagged
docker save busybox:tagged | tar -t | grep -q manifest.json
docker history busybox:tagged
docker rmi busybox:tagged
docker rm -f else

## 72 --cidfile, --pull, --platform, --label-file, --log-driver, --log-opt, --stop-signal, --stop-timeout, --group-add, --attach, --sig-proxy, --runtime, --annotation, --volumes-from
printf 'tier=web\n' >"$WORK/labels"
docker run -d --name many --cidfile "$WORK/cid" --pull never --label-file "$WORK/labels" --log-driver json-file --log-opt max-size=1m --log-opt max-file=3 --stop-signal KILL --stop-timeout 3 --group-add 77 --annotation a=b --volumes-from web busybox sleep 600
has '77' docker exec many id -G
same "$(cat "$WORK/cid")" docker inspect -f '{{.Id}}' many
same web docker inspect -f '{{index .Config.Labels "tier"}}' many
docker stop many
docker rm many
docker run --rm -a stdout --sig-proxy=true --pull missing busybox true
