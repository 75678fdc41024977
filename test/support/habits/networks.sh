## 15 names of other containers, own name, nslookup, aliases
docker run -d --name db --network habits --network-alias store busybox sleep 600
docker exec web ping -c 1 -W 2 db
docker exec web ping -c 1 -W 2 store
docker exec db ping -c 1 -W 2 db
docker exec web nslookup db
docker rm -f db

## 16 --network NET, --net, name=…,ip=…, host, none, container:X
docker run --rm --network name=habits,ip=10.77.0.77,alias=a busybox ip -4 address show eth0
docker run --rm --net none busybox true
docker run --rm --net host busybox true
docker run --rm --net container:web busybox true

## 17 network create --subnet, --gateway, --ip-range, --aux-address, --internal, --ipv6, --label, -o, -d
docker network create -d bridge --subnet 10.78.0.0/24 --gateway 10.78.0.9 --ip-range 10.78.0.128/25 --aux-address a=10.78.0.200 --internal --label a=b -o com.docker.network.bridge.name=habit0 full
docker network create --ipv6 --subnet fd00:78::/64 six
docker network rm full six

## 18 network ls, -q, --no-trunc
has 'habits' docker network ls
has '^[0-9a-f]{64}$' docker network ls -q --no-trunc

## 35 network rm, connect, disconnect -f, connect --link
docker network create extra
docker run -d --name linked busybox sleep 600
docker network connect --alias also --link web:site extra linked
docker network disconnect -f extra linked
docker rm -f linked
docker network rm extra

## 36 network prune -f, --filter
docker network create --label stale=yes pruned
has pruned docker network prune -f --filter label=stale=yes

## 40 network ls --filter dangling, type, scope, driver, label
has habits docker network ls --filter dangling=false --filter type=custom --filter scope=local --filter driver=bridge
has . docker network ls --filter dangling=true

## 41 network ls --format .IPv6 .Internal
same 'false false' docker network ls --filter name=^habits$ --format '{{.IPv6}} {{.Internal}}'

## 42 network inspect -f index, range, len
same 10.77.0.1 docker network inspect -f '{{(index .IPAM.Config 0).Gateway}}' habits
same '10.77.0.0/24 ' docker network inspect -f '{{range .IPAM.Config}}{{.Subnet}} {{end}}' habits
same 1 docker network inspect -f '{{len .Containers}}' habits
same 'web ' docker network inspect -f '{{range $id, $c := .Containers}}{{$c.Name}} {{end}}' habits

## 43 network inspect -f '{{json .Containers}}', .Driver, .Internal
same 'bridge false' docker network inspect -f '{{.Driver}} {{.Internal}}' habits
docker network inspect -f '{{json .Containers}}' habits

## 50 --add-host, host-gateway
has 'named' docker run --rm --add-host named:10.0.0.1 --add-host up:host-gateway busybox cat /etc/hosts

## 51 --dns, --dns-search, --dns-opt
has 'search example.org' docker run --rm --dns 198.51.100.1 --dns-search example.org --dns-opt ndots:2 busybox cat /etc/resolv.conf

## 52 --network-alias, --net-alias, --link
docker run --rm --network habits --network-alias x --net-alias y busybox true
docker run --rm --network habits --link web:www busybox ping -c 1 -W 2 www

## 53 --ip, --ip6, --mac-address
has '02:42:ac:11:00:99' docker run --rm --network habits --ip 10.77.0.99 --mac-address 02:42:ac:11:00:99 busybox ip link show eth0

## 54 -P, --expose, port
docker run -d --name exposed -P --expose 90 busybox sleep 600
has '^90/tcp -> ' docker port exposed
docker rm -f exposed

## 58 --sysctl net.*
same 0 docker run --rm --sysctl net.ipv4.ip_unprivileged_port_start=0 busybox cat /proc/sys/net/ipv4/ip_unprivileged_port_start

## 73 network create -d macvlan, ipvlan -o parent
docker network create -d macvlan -o parent=uplink0 --subnet 10.79.0.0/24 mac
docker network rm mac
docker network create -d ipvlan -o parent=uplink0 --subnet 10.79.0.0/24 ipv
docker network rm ipv

## 74 network create --ipam-driver default, --attachable
docker network create --ipam-driver default --attachable --scope local plain
docker network rm plain
absent 'tsd keeps no configurations' network create --config-only x

## 75 com.docker.network.*
docker network create -o com.docker.network.bridge.enable_icc=false -o com.docker.network.bridge.enable_ip_masquerade=false -o com.docker.network.driver.mtu=1400 options
docker network rm options

## 76 -p published=…,target=…
docker run -d --name long -p published=7010,target=80,protocol=tcp busybox sleep 600
has '7010' docker port long
docker rm -f long

## 79 podman's words: network exists, --replace, :z
mkdir -p "$WORK/labelled"
docker run --rm -v "$WORK/labelled:/c:z" busybox true
docker network exists habits
fails 1 '' docker network exists nothing-of-it
