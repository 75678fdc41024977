## 7 build
absent 'builds no images' build .

## 12 compose
absent 'compose|one container' compose up

## 68 login, push, search, manifest, context, buildx, swarm, stack, service, secret
absent 'docker-credential|config.json|skopeo|credentials' login
absent 'push|skopeo' push busybox
absent 'registry|search' search busybox
absent 'manifest|registry|skopeo' manifest inspect busybox
absent 'machine' context ls
absent 'builds no images' buildx build .
absent 'clusters|machine|hosts' swarm init
absent 'clusters|machine|hosts|tsd run' stack deploy
absent 'clusters|machine|hosts|tsd run' service ls
absent 'clusters|machine|hosts|--volume|--env' secret ls

## 65 commit, checkpoint
absent 'commit|export|import' commit web
absent 'checkpoint|saves no' checkpoint create web x

## 56 --gpus
absent 'gpu|--device' run --gpus all busybox true

## 79 podman: --pod, generate systemd, kube play
absent 'pods' run --pod x busybox true
absent 'pods|Kubernetes|tsd run' kube play x
absent 'systemd|restart|start' generate systemd web
