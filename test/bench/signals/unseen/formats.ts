/** How a program writes: a head with its clock, level («L») and message («M»), and its statements, one a line, each beginning with its level. */
export interface Format {
  readonly name: string;
  readonly head: string;
  readonly statements: string;
}

export const FORMATS: readonly Format[] = [
  {
    name: 'etcd',
    head: '{"level":"«L»","ts":"«now»",«M»}',
    statements: `
info "caller":"etcdserver/server.go:2344","msg":"saved snapshot","snapshot-index":«int:10000..99999999»
info "caller":"etcdserver/server.go:2374","msg":"compacted Raft logs","compact-index":«int:10000..99999999»
info "caller":"mvcc/index.go:214","msg":"compact tree index","revision":«int:1000..999999»
info "caller":"mvcc/kvstore_compaction.go:68","msg":"finished scheduled compaction","compact-revision":«int:1000..999999»,"took":"«godur»","hash":«int:1000000..4000000000»,"current-db-size-bytes":«int:1000000..90000000»,"current-db-size":"«float:1..90» MB"
info "caller":"mvcc/hash.go:137","msg":"storing new hash","hash":«int:1000000..4000000000»,"revision":«int:1000..999999»,"compact-revision":«int:1000..999999»
warn "caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"«godur»","expected-duration":"100ms","prefix":"read-only range ","request":"key:\\"/registry/pods/«space»/«pod»\\" ","response":"range_response_count:«int:0..500» size:«int:100..99999»"
warn "caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"«godur»","expected-duration":"100ms","prefix":"","request":"header:<ID:«int:1000000000..9999999999» > lease_revoke:<id:«hex:16»>","response":"size:«int:10..40»"
info "caller":"traceutil/trace.go:171","msg":"trace[«int:100000..2000000000»] range","detail":"{range_begin:/registry/«word»/; range_end:; response_count:«int:0..99»; response_revision:«int:1000..999999»; }","duration":"«godur»","start":"«now»","end":"«now»","steps":["trace[«int:1..1999999»] 'agreement among raft nodes before linearized reading'  (duration: «godur»)"],"step_count":1
info "caller":"traceutil/trace.go:171","msg":"trace[«int:100000..2000000000»] transaction","detail":"{read_only:«bool»; response_revision:«int:1000..999999»; number_of_response:«int:1..3»; }","duration":"«godur»","start":"«now»","end":"«now»","steps":["trace[«int:1..1999999»] 'process raft request'  (duration: «godur»)","trace[«int:1..1999999»] 'compare'  (duration: «godur»)"],"step_count":2
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"«hex:16» is starting a new election at term «int:2..99»"
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"«hex:16» became candidate at term «int:2..99»"
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"«hex:16» became leader at term «int:2..99»"
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"raft.node: «hex:16» elected leader «hex:16» at term «int:2..99»"
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"«hex:16» received MsgVoteResp from «hex:16» at term «int:2..99»"
info "logger":"raft","caller":"etcdserver/zap_raft.go:77","msg":"«hex:16» [logterm: «int:2..99», index: «int:1000..99999»] sent MsgVote request to «hex:16» at term «int:2..99»"
warn "caller":"rafthttp/stream.go:421","msg":"lost TCP streaming connection with remote peer","stream-reader-type":"stream MsgApp v2","local-member-id":"«hex:16»","remote-peer-id":"«hex:16»","error":"EOF"
warn "caller":"rafthttp/peer_status.go:66","msg":"peer became inactive (message send to peer failed)","peer-id":"«hex:16»","error":"failed to dial «hex:16» on stream Message (dial tcp «ip»:2380: connect: connection refused)"
info "caller":"rafthttp/peer_status.go:53","msg":"peer became active","peer-id":"«hex:16»"
warn "caller":"rafthttp/probing_status.go:68","msg":"prober detected unhealthy status","round-tripper-name":"ROUND_TRIPPER_RAFT_MESSAGE","remote-peer-id":"«hex:16»","rtt":"«godur»","error":"dial tcp «ip»:2380: i/o timeout"
warn "caller":"wal/wal.go:805","msg":"slow fdatasync","took":"«godur»","expected-duration":"1s"
warn "caller":"etcdserver/raft.go:416","msg":"leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk","to":"«hex:16»","heartbeat-interval":"100ms","expected-duration":"200ms","exceeded-duration":"«godur»"
info "caller":"embed/etcd.go:378","msg":"closing etcd server","name":"«node»","data-dir":"/var/lib/etcd","advertise-peer-urls":["https://«ip»:2380"],"advertise-client-urls":["https://«ip»:2379"]
info "caller":"membership/cluster.go:421","msg":"added member","cluster-id":"«hex:16»","local-member-id":"«hex:16»","added-peer-id":"«hex:16»","added-peer-peer-urls":["https://«ip»:2380"]
warn "caller":"embed/config_logging.go:169","msg":"rejected connection","remote-addr":"«ip»:«port»","server-name":"","error":"remote error: tls: bad certificate"
warn "caller":"etcdserver/v3_server.go:815","msg":"waiting for ReadIndex response took too long, retrying","sent-request-id":«int:1000000000..9999999999»,"retry-timeout":"500ms"
error "caller":"etcdserver/server.go:899","msg":"alarm raised","alarm":"NOSPACE","raised-by-member-with-id":"«hex:16»"
info "caller":"backend/backend.go:497","msg":"finished defragmenting directory","path":"/var/lib/etcd/member/snap/db","current-db-size-bytes-diff":-«int:1000..99999999»,"current-db-size-bytes":«int:1000000..90000000»,"took":"«godur»"
info "caller":"etcdhttp/health.go:115","msg":"/health OK (status code 200)"
warn "caller":"etcdhttp/health.go:86","msg":"serving /health false; no leader"
info "caller":"fileutil/purge.go:96","msg":"purged","path":"/var/lib/etcd/member/wal/«hex:16»-«hex:16».wal"`,
  },
  {
    name: 'klog',
    head: '«L»«now:0:klog»       1 «M»',
    statements: `
I httplog.go:132] "HTTP" verb="«method»" URI="/api/v1/namespaces/«space»/pods/«pod»" latency="«godur»" userAgent="kubelet/v1.30.2 (linux/amd64) kubernetes/3968350" audit-ID="«uuid»" srcIP="«ip»:«port»" resp=«status»
I trace.go:236] Trace[«int:100000..2000000000»]: "List" accept:application/json, */*,audit-id:«uuid»,client:«ip»,api-group:,api-version:v1,name:,subresource:,namespace:«space»,protocol:HTTP/2.0,resource:pods,scope:cluster,url:/api/v1/pods,user-agent:Go-http-client/2.0,verb:LIST («now») (total time: «int:500..9999»ms):⏎Trace[«int:100000..2000000000»]: ---"Writing http response done" count:«int:1..9999» «int:1..999»ms («now»)⏎Trace[«int:100000..2000000000»]: [«float:1..9»s] [«float:1..9»s] END
I controller.go:624] quota admission added evaluator for: «word».apps
I alloc.go:330] "allocated clusterIPs" service="«space»/«service»" clusterIPs={"IPv4":"«ip»"}
W watcher.go:338] watch chan error: etcdserver: mvcc: required revision has been compacted
E writers.go:122] apiserver was unable to write a JSON response: http: Handler timeout
E writers.go:135] apiserver was unable to write a fallback JSON response: http2: stream closed
E timeout.go:142] post-timeout activity - time-elapsed: «godur», GET "/apis/«word»/v1/«word»" result: <nil>
E status.go:71] apiserver received an error that is not an metav1.Status: &errors.errorString{s:"http: Handler timeout"}: http: Handler timeout
W handler_proxy.go:93] no RequestInfo found in the context
E controller.go:113] loading OpenAPI spec for "v1beta1.metrics.k8s.io" failed with: Error, could not get list of group versions for APIService
I controller.go:126] OpenAPI AggregationController: action for item v1beta1.metrics.k8s.io: Rate Limited Requeue.
W dispatcher.go:217] Failed calling webhook, failing open «service».example.com: failed calling webhook "«service».example.com": failed to call webhook: Post "https://«service».«space».svc:443«path»?timeout=10s": dial tcp «ip»:443: connect: connection refused
E dispatcher.go:214] failed calling webhook "«service».example.com": failed to call webhook: Post "https://«service».«space».svc:443«path»?timeout=10s": context deadline exceeded
E authentication.go:73] "Unable to authenticate the request" err="[invalid bearer token, service account token has expired]"
E authentication.go:73] "Unable to authenticate the request" err="[invalid bearer token, square/go-jose: error in cryptographic primitive]"
I event.go:377] "Event occurred" object="«space»/«pod»" fieldPath="" kind="Pod" apiVersion="v1" type="Warning" reason="FailedScheduling" message="0/«int:3..40» nodes are available: «int:1..40» Insufficient cpu, «int:1..9» node(s) had untolerated taint."
I event.go:377] "Event occurred" object="«space»/«service»" fieldPath="" kind="Deployment" apiVersion="apps/v1" type="Normal" reason="ScalingReplicaSet" message="Scaled up replica set «service»-«hex:9» to «int:1..20» from «int:1..19»"
I replica_set.go:676] "Finished syncing" logger="replicaset-controller" kind="ReplicaSet" key="«space»/«service»-«hex:9»" duration="«godur»"
I job_controller.go:566] "enqueueing job" logger="job-controller" key="«space»/«service»-«int:28000000..29000000»" delay="«godur»"
I garbagecollector.go:549] "Processing item" logger="garbage-collector-controller" item="[v1/Pod, namespace: «space», name: «pod», uid: «uuid»]" virtual=«bool»
I garbagecollector.go:688] "Deleting item" logger="garbage-collector-controller" item="[v1/Pod, namespace: «space», name: «pod», uid: «uuid»]" propagationPolicy="Background"
E leaderelection.go:332] error retrieving resource lock kube-system/kube-controller-manager: Get "https://«ip»:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s": context deadline exceeded
I leaderelection.go:260] successfully acquired lease kube-system/kube-scheduler
I schedule_one.go:314] "Successfully bound pod to node" pod="«space»/«pod»" node="«node»" evaluatedNodes=«int:1..40» feasibleNodes=«int:1..40»
E schedule_one.go:1004] "Error scheduling pod; retrying" err="running PreBind plugin \\"VolumeBinding\\": binding volumes: context deadline exceeded" pod="«space»/«pod»"
I node_lifecycle_controller.go:1031] "Controller detected that all Nodes are not-Ready. Entering master disruption mode" logger="node-lifecycle-controller"
I node_lifecycle_controller.go:760] "Controller observed a Node deletion" logger="node-lifecycle-controller" node="«node»"
W reflector.go:547] k8s.io/client-go/informers/factory.go:160: failed to list *v1.«word»: Get "https://«ip»:6443/api/v1/«word»?limit=500&resourceVersion=0": dial tcp «ip»:6443: connect: connection refused
I cidrallocator.go:278] updated ClusterIP allocator for Service CIDR «ip»/16
I pod_startup_latency_tracker.go:104] "Observed pod startup duration" pod="«space»/«pod»" podStartSLOduration=«float:1..50» podStartE2EDuration="«godur»" firstStartedPulling="«now»" lastFinishedPulling="«now»"
E pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"«service»\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container=«service» pod=«pod»_«space»(«uuid»)\\"" pod="«space»/«pod»" podUID="«uuid»"
E pod_workers.go:1298] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"«service»\\" with ImagePullBackOff: \\"Back-off pulling image \\\\\\"registry.example.com/«service»:«hex:7»\\\\\\"\\"" pod="«space»/«pod»" podUID="«uuid»"
I kubelet.go:2447] "SyncLoop (PLEG): event for pod" pod="«space»/«pod»" event={"ID":"«uuid»","Type":"ContainerStarted","Data":"«hex:64»"}
I kubelet.go:2447] "SyncLoop (PLEG): event for pod" pod="«space»/«pod»" event={"ID":"«uuid»","Type":"ContainerDied","Data":"«hex:64»"}
I scope.go:117] "RemoveContainer" containerID="«hex:64»"
I prober.go:107] "Probe failed" probeType="Readiness" pod="«space»/«pod»" podUID="«uuid»" containerName="«service»" probeResult="failure" output="HTTP probe failed with statuscode: «int:500..504»"`,
  },
  {
    name: 'coredns',
    head: '[«L»] «M»',
    statements: `
INFO «ip»:«port» - «int:1..65000» "«qtype» IN «domain» udp «int:40..90» false 512" NOERROR qr,aa,rd «int:90..300» «float:0..1»s
INFO «ip»:«port» - «int:1..65000» "«qtype» IN «service».example.com. udp «int:40..90» false 1232" NXDOMAIN qr,rd,ra «int:90..300» «float:0..1»s
INFO [::1]:«port» - «int:1..65000» "HINFO IN «int:100000000..9999999999».«int:100000000..9999999999». udp 57 false 512" NXDOMAIN qr,rd,ra 132 «float:0..1»s
ERROR plugin/errors: 2 «domain» «qtype»: read udp «ip»:«port»->«ip»:53: i/o timeout
ERROR plugin/errors: 2 «int:100000000..9999999999».«int:100000000..9999999999». HINFO: dial tcp «ip»:53: connect: connection refused
ERROR plugin/errors: 2 «service».example.com. «qtype»: unreachable backend: no upstream host
INFO plugin/reload: Running configuration SHA512 = «hex:128»
INFO Reloading complete
INFO Reloading
INFO plugin/ready: Still waiting on: "kubernetes"
INFO plugin/ready: Plugins not ready: "kubernetes"
WARNING plugin/kubernetes: starting server with unsynced Kubernetes API
INFO plugin/kubernetes: waiting for Kubernetes API before starting server
WARNING plugin/kubernetes: Kubernetes API connection failure: Get "https://«ip»:443/version": dial tcp «ip»:443: i/o timeout
INFO plugin/kubernetes: Trace[«int:100000..2000000000»]: "Reflector ListAndWatch" name:pkg/mod/k8s.io/client-go@v0.27.4/tools/cache/reflector.go:231 («now») (total time: «int:10000..60000»ms):
ERROR plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.27.4/tools/cache/reflector.go:231: Failed to watch *v1.«word»: failed to list *v1.«word»: Get "https://«ip»:443/api/v1/«word»?limit=500&resourceVersion=0": dial tcp «ip»:443: i/o timeout
INFO SIGTERM: Shutting down servers then terminating
INFO plugin/health: Going into lameduck mode for «int:1..30»s
WARNING plugin/health: Local health request to "http://:8080/health" took more than 1s: «godur»
WARNING plugin/health: Local health request to "http://:8080/health" failed: Get "http://:8080/health": dial tcp :8080: connect: connection refused
INFO plugin/forward: «ip»:53 marked as unhealthy after «int:2..9» failed checks
ERROR plugin/cache: failed to prefetch «domain» «qtype»: read udp «ip»:«port»->«ip»:53: i/o timeout
FATAL plugin/loop: Loop (127.0.0.1:«port» -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO «int:100000000..9999999999».«int:100000000..9999999999»."
WARNING No files matching import glob pattern: /etc/coredns/custom/*.«word»
ERROR Restart failed: /etc/coredns/Corefile:«int:1..60» - Error during parsing: Unknown directive '«word»'
INFO plugin/autopath: search path for pod «pod» has «int:2..6» domains
INFO plugin/template: «int:1..9» answers rendered for zone «word».internal.`,
  },
  {
    name: 'ingress',
    head: '«M»',
    statements: `
- «ip» - - [«now:0:clf»] "«method» «path» HTTP/1.1" «status» «int:0..99999» "-" "«agent»" «int:100..3000» «float:0..5» [«space»-«service»-80] [] «ip»:8080 «int:0..99999» «float:0..5» «status» «hex:32»
- «ip» - - [«now:0:clf»] "«method» «path»?page=«int:1..99»&q=«word» HTTP/2.0" «status» «int:0..99999» "«url»" "«agent»" «int:100..3000» «float:0..5» [«space»-«service»-http] [] «ip»:3000, «ip»:3000 0, «int:0..99999» «float:0..1», «float:0..5» 502, 200 «hex:32»
- «now:0:slash» [error] «int:20..99»#«int:20..99»: *«int:1000..999999» connect() failed (111: Connection refused) while connecting to upstream, client: «ip», server: «service».example.com, request: "«method» «path» HTTP/1.1", upstream: "http://«ip»:8080«path»", host: "«service».example.com"
- «now:0:slash» [error] «int:20..99»#«int:20..99»: *«int:1000..999999» upstream timed out (110: Operation timed out) while reading response header from upstream, client: «ip», server: «service».example.com, request: "«method» «path» HTTP/2.0", upstream: "http://«ip»:8080«path»", host: "«service».example.com"
- «now:0:slash» [error] «int:20..99»#«int:20..99»: *«int:1000..999999» upstream prematurely closed connection while reading response header from upstream, client: «ip», server: «service».example.com, request: "«method» «path» HTTP/2.0", upstream: "http://«ip»:8080«path»", host: "«service».example.com"
- «now:0:slash» [error] «int:20..99»#«int:20..99»: *«int:1000..999999» upstream sent too big header while reading response header from upstream, client: «ip», server: «service».example.com, request: "«method» «path» HTTP/1.1", upstream: "http://«ip»:8080«path»", host: "«service».example.com", referrer: "«url»"
- «now:0:slash» [error] «int:20..99»#«int:20..99»: *«int:1000..999999» client intended to send too large body: «int:1000000..99999999» bytes, client: «ip», server: «service».example.com, request: "POST «path» HTTP/1.1", host: "«service».example.com"
- «now:0:slash» [warn] «int:20..99»#«int:20..99»: *«int:1000..999999» a client request body is buffered to a temporary file /tmp/nginx/client-body/«int:1000000000..9999999999», client: «ip», server: «service».example.com, request: "POST «path» HTTP/1.1", host: "«service».example.com"
- «now:0:slash» [warn] «int:20..99»#«int:20..99»: *«int:1000..999999» an upstream response is buffered to a temporary file /tmp/nginx/proxy-temp/«int:1..9»/«int:10..99»/«int:1000000000..9999999999» while reading upstream, client: «ip», server: «service».example.com, request: "GET «path» HTTP/1.1", upstream: "http://«ip»:8080«path»", host: "«service».example.com"
- «now:0:slash» [notice] «int:20..99»#«int:20..99»: signal 1 (SIGHUP) received from «int:20..99», reconfiguring
- «now:0:slash» [notice] «int:20..99»#«int:20..99»: gracefully shutting down
- «now:0:slash» [notice] «int:20..99»#«int:20..99»: worker process «int:20..9999» exited with code 0
- «now:0:slash» [alert] «int:20..99»#«int:20..99»: worker process «int:20..9999» exited on signal 9
- «now:0:slash» [crit] «int:20..99»#«int:20..99»: *«int:1000..999999» SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking, client: «ip», server: 0.0.0.0:443
- «now:0:slash» [info] «int:20..99»#«int:20..99»: *«int:1000..999999» client closed connection while waiting for request, client: «ip», server: 0.0.0.0:80
- I«now:0:klog»       7 controller.go:190] "Configuration changes detected, backend reload required"
- I«now:0:klog»       7 controller.go:210] "Backend successfully reloaded"
- I«now:0:klog»       7 event.go:377] Event(v1.ObjectReference{Kind:"Pod", Namespace:"ingress-nginx", Name:"«pod»", UID:"«uuid»", APIVersion:"v1", ResourceVersion:"«int:1000..9999999»", FieldPath:""}): type: 'Normal' reason: 'RELOAD' NGINX reload triggered due to a change in configuration
- W«now:0:klog»       7 controller.go:1216] Service "«space»/«service»" does not have any active Endpoint.
- W«now:0:klog»       7 controller.go:1112] Error obtaining Endpoints for Service "«space»/«service»": no object matching key "«space»/«service»" in local store
- W«now:0:klog»       7 backend_ssl.go:47] Error obtaining X.509 certificate: no object matching key "«space»/«service»-tls" in local store
- W«now:0:klog»       7 controller.go:1372] Unexpected error validating SSL certificate "«space»/«service»-tls" for server "«service».example.com": x509: certificate has expired or is not yet valid: current time «iso» is after «iso»
- I«now:0:klog»       7 main.go:107] "successfully validated configuration, accepting" ingress="«space»/«service»"
- I«now:0:klog»       7 store.go:440] "Found valid IngressClass" ingress="«space»/«service»" ingressclass="nginx"
- I«now:0:klog»       7 store.go:535] "ignoring ingressclass as the spec.controller is not the same of this ingress" ingressclass="«word»"
- E«now:0:klog»       7 queue.go:131] "requeuing" err="exit status 1" key="«space»/«service»"
- I«now:0:klog»       7 admission.go:149] processed ingress via admission controller {testedIngressLength:«int:1..90» testedIngressTime:«float:0..2»s renderingIngressLength:«int:1..90» renderingIngressTime:«float:0..2»s admissionTime:«float:0..2»s testedConfigurationSize:«float:10..900»kB}`,
  },
  {
    name: 'kafka',
    head: '[«now:0:comma»] «L» «M»',
    statements: `
INFO [GroupCoordinator «int:0..5»]: Preparing to rebalance group «service»-group in state PreparingRebalance with old generation «int:1..900» (__consumer_offsets-«int:0..49») (reason: Adding new member consumer-«service»-«int:1..9»-«uuid» with group instance id None; client reason: need to re-join with the given member-id) (kafka.coordinator.group.GroupCoordinator)
INFO [GroupCoordinator «int:0..5»]: Stabilized group «service»-group generation «int:1..900» (__consumer_offsets-«int:0..49») with «int:1..20» members (kafka.coordinator.group.GroupCoordinator)
INFO [GroupCoordinator «int:0..5»]: Assignment received from leader consumer-«service»-«int:1..9»-«uuid» for group «service»-group for generation «int:1..900». The group has «int:1..20» members, «int:0..3» of which are static. (kafka.coordinator.group.GroupCoordinator)
INFO [GroupCoordinator «int:0..5»]: Member consumer-«service»-«int:1..9»-«uuid» in group «service»-group has failed, removing it from the group (kafka.coordinator.group.GroupCoordinator)
INFO [GroupCoordinator «int:0..5»]: Group «service»-group with generation «int:1..900» is now empty (__consumer_offsets-«int:0..49») (kafka.coordinator.group.GroupCoordinator)
INFO [GroupMetadataManager brokerId=«int:0..5»] Removed «int:0..99» expired offsets in «int:0..99» milliseconds. (kafka.coordinator.group.GroupMetadataManager)
INFO [UnifiedLog partition=«topic»-«int:0..47», dir=/var/lib/kafka/data] Rolled new log segment at offset «int:1000..99999999» in «int:1..99» ms. (kafka.log.UnifiedLog)
INFO [UnifiedLog partition=«topic»-«int:0..47», dir=/var/lib/kafka/data] Deleting segment LogSegment(baseOffset=«int:1000..99999999», size=«int:1000..1073741824», lastModifiedTime=«int:1700000000000..1790000000000», largestRecordTimestamp=Some(«int:1700000000000..1790000000000»)) due to retention time 604800000ms breach based on the largest record timestamp in the segment (kafka.log.UnifiedLog)
INFO [UnifiedLog partition=«topic»-«int:0..47», dir=/var/lib/kafka/data] Incremented log start offset to «int:1000..99999999» due to segment deletion (kafka.log.UnifiedLog)
INFO [UnifiedLog partition=«topic»-«int:0..47», dir=/var/lib/kafka/data] Loading producer state till offset «int:1000..99999999» with message format version 2 (kafka.log.UnifiedLog$)
INFO [LocalLog partition=«topic»-«int:0..47», dir=/var/lib/kafka/data] Deleting segment files LogSegment(baseOffset=«int:1000..99999999», size=«int:1000..1073741824», lastModifiedTime=«int:1700000000000..1790000000000», largestRecordTimestamp=Some(«int:1700000000000..1790000000000»)) (kafka.log.LocalLog$)
INFO Deleted log /var/lib/kafka/data/«topic»-«int:0..47»/«int:10000000..99999999».log.deleted. (kafka.log.LogSegment)
INFO Deleted offset index /var/lib/kafka/data/«topic»-«int:0..47»/«int:10000000..99999999».index.deleted. (kafka.log.LogSegment)
INFO [ProducerStateManager partition=«topic»-«int:0..47»] Wrote producer snapshot at offset «int:1000..99999999» with «int:0..50» producer ids in «int:0..20» ms. (kafka.log.ProducerStateManager)
INFO [Partition «topic»-«int:0..47» broker=«int:0..5»] Shrinking ISR from «int:0..2»,«int:3..5»,«int:6..8» to «int:0..2». Leader: (highWatermark: «int:1000..99999999», endOffset: «int:1000..99999999»). Out of sync replicas: (brokerId: «int:3..5», endOffset: «int:1000..99999999»). (kafka.cluster.Partition)
INFO [Partition «topic»-«int:0..47» broker=«int:0..5»] Expanding ISR from «int:0..2» to «int:0..2»,«int:3..5» (kafka.cluster.Partition)
INFO [ReplicaFetcherManager on broker «int:0..5»] Removed fetcher for partitions Set(«topic»-«int:0..47», «topic»-«int:0..47») (kafka.server.ReplicaFetcherManager)
INFO [ReplicaFetcher replicaId=«int:0..5», leaderId=«int:0..5», fetcherId=0] Truncating partition «topic»-«int:0..47» with TruncationState(offset=«int:1000..99999999», completed=true) due to leader epoch and offset EpochEndOffset(errorCode=0, partition=«int:0..47», leaderEpoch=«int:1..99», endOffset=«int:1000..99999999») (kafka.server.ReplicaFetcherThread)
WARN [ReplicaFetcher replicaId=«int:0..5», leaderId=«int:0..5», fetcherId=0] Error in response for fetch request (type=FetchRequest, replicaId=«int:0..5», maxWait=500, minBytes=1, maxBytes=10485760, fetchData={}, isolationLevel=READ_UNCOMMITTED, removed=, replaced=, metadata=(sessionId=«int:1000..99999999», epoch=«int:1..99999»), rackId=) (kafka.server.ReplicaFetcherThread)⏎java.io.IOException: Connection to «int:0..5» was disconnected before the response was read⏎	at org.apache.kafka.clients.NetworkClientUtils.sendAndReceive(NetworkClientUtils.java:99)⏎	at kafka.server.BrokerBlockingSender.sendRequest(BrokerBlockingSender.scala:113)⏎	at kafka.server.RemoteLeaderEndPoint.fetch(RemoteLeaderEndPoint.scala:79)
INFO [Controller id=«int:0..5»] Processing automatic preferred replica leader election (kafka.controller.KafkaController)
INFO [Controller id=«int:0..5» epoch=«int:1..99»] Changed partition «topic»-«int:0..47» state from OnlinePartition to OnlinePartition with state LeaderAndIsr(leader=«int:0..5», leaderEpoch=«int:1..99», isr=List(«int:0..2», «int:3..5»), leaderRecoveryState=RECOVERED, partitionEpoch=«int:1..99») (state.change.logger)
WARN [SocketServer listenerType=ZK_BROKER, nodeId=«int:0..5»] Unexpected error from /«ip» (channelId=«ip»:9092-«ip»:«port»-«int:1..999»); closing connection (org.apache.kafka.common.network.Selector)⏎org.apache.kafka.common.network.InvalidReceiveException: Invalid receive (size = «int:100000000..2000000000» larger than 104857600)⏎	at org.apache.kafka.common.network.NetworkReceive.readFrom(NetworkReceive.java:105)
INFO [SocketServer listenerType=BROKER, nodeId=«int:0..5»] Failed authentication with /«ip» (channelId=«ip»:9093-«ip»:«port»-«int:1..999») (SSL handshake failed) (org.apache.kafka.common.network.Selector)
INFO Creating topic «topic» with configuration {cleanup.policy=«word», retention.ms=«int:1000..604800000»} and initial partition assignment Map(0 -> ArrayBuffer(«int:0..5»)) (kafka.zk.AdminZkClient)
INFO [ZooKeeperClient Kafka server] Session expired. (kafka.zookeeper.ZooKeeperClient)
WARN Session 0x«hex:15» for server zookeeper/«ip»:2181, Closing socket connection. Attempting reconnect except it is a SessionExpiredException. (org.apache.zookeeper.ClientCnxn)
INFO [LogCleaner «int:0..3»] Cleaner 0: Beginning cleaning of log __consumer_offsets-«int:0..49» (kafka.log.LogCleaner)
INFO [TransactionCoordinator id=«int:0..5»] Initialized transactionalId «service»-tx-«int:0..99» with producerId «int:1000..99999» and producer epoch «int:0..999» on partition __transaction_state-«int:0..49» (kafka.coordinator.transaction.TransactionCoordinator)
ERROR [KafkaApi-«int:0..5»] Error when handling request: clientId=consumer-«service»-«int:1..9», correlationId=«int:1..99999», api=FETCH, version=13, body={"replicaId":-1,"maxWaitMs":500,"topics":[{"topic":"«topic»","partitions":«list:1..6»}]} (kafka.server.KafkaApis)`,
  },
  {
    name: 'elasticsearch',
    head: '[«now»][«L»][«M»',
    statements: `
INFO o.e.c.m.MetadataCreateIndexService] [es-data-«int:0..5»] [«index»] creating index, cause [auto(bulk api)], templates [«word»], shards [«int:1..6»]/[«int:0..2»]
INFO o.e.c.m.MetadataMappingService] [es-data-«int:0..5»] [«index»/«hex:22»] update_mapping [_doc]
INFO o.e.c.r.a.AllocationService] [es-data-«int:0..5»] current.health="GREEN" message="Cluster health status changed from [YELLOW] to [GREEN] (reason: [shards started [[«index»][«int:0..5»]]])." previous.health="YELLOW" reason="shards started [[«index»][«int:0..5»]]"
INFO o.e.c.r.a.AllocationService] [es-data-«int:0..5»] current.health="YELLOW" message="Cluster health status changed from [GREEN] to [YELLOW] (reason: [{es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300}{dim} reason: disconnected])." previous.health="GREEN" reason="{es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300}{dim} reason: disconnected"
INFO o.e.m.j.JvmGcMonitorService] [es-data-«int:0..5»] [gc][«int:1000..999999»] overhead, spent [«int:200..999»ms] collecting in the last [«float:1..2»s]
WARN o.e.m.j.JvmGcMonitorService] [es-data-«int:0..5»] [gc][old][«int:1000..999999»][«int:1..999»] duration [«float:1..40»s], collections [«int:1..3»]/[«float:1..40»s], total [«float:1..40»s]/[«float:1..9»m], memory [«size»]->[«size»]/[8gb], all_pools {[young] [«size»]->[«size»]/[0b]}{[old] [«size»]->[«size»]/[8gb]}{[survivor] [«size»]->[«size»]/[0b]}
WARN o.e.c.r.a.DiskThresholdMonitor] [es-data-«int:0..5»] high disk watermark [90%] exceeded on [«hex:22»][es-data-«int:0..5»][/usr/share/elasticsearch/data] free: «size»[«float:1..10»%], shards will be relocated away from this node; currently relocating away shards totalling [«int:0..999999»] bytes
INFO o.e.c.r.a.DiskThresholdMonitor] [es-data-«int:0..5»] low disk watermark [85%] exceeded on [«hex:22»][es-data-«int:0..5»][/usr/share/elasticsearch/data] free: «size»[«float:10..15»%], replicas will not be assigned to this node
WARN o.e.t.TransportService] [es-data-«int:0..5»] Received response for a request that has timed out, sent [«float:10..90»s/«int:10000..90000»ms] ago, timed out [«float:1..9»s/«int:1000..9999»ms] ago, action [cluster:monitor/nodes/stats[n]], node [{es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300}], id [«int:1000..9999999»]
WARN o.e.h.AbstractHttpServerTransport] [es-data-«int:0..5»] handling request [null][POST][/_bulk][Netty4HttpChannel{localAddress=/«ip»:9200, remoteAddress=/«ip»:«port»}] took [«int:5000..90000»ms] which is above the warn threshold of [5000ms]
WARN o.e.x.m.e.l.LocalExporter] [es-data-«int:0..5»] unexpected error while indexing monitoring document
INFO o.e.c.c.Coordinator] [es-data-«int:0..5»] master node [{es-master-«int:0..2»}{«hex:22»}{«ip»}{«ip»:9300}] failed, restarting discovery
WARN o.e.c.c.ClusterFormationFailureHelper] [es-master-«int:0..2»] master not discovered or elected yet, an election requires at least 2 nodes with ids from [«hex:22», «hex:22», «hex:22»], have discovered [{es-master-«int:0..2»}{«hex:22»}] which is not a quorum; discovery will continue using [«ip»:9300, «ip»:9300] from hosts providers and [] from last-known cluster state; node term «int:1..99», last-accepted version «int:1..99999» in term «int:1..99»
INFO o.e.c.s.ClusterApplierService] [es-data-«int:0..5»] removed {{es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300}}, term: «int:1..99», version: «int:1..99999», reason: ApplyCommitRequest{term=«int:1..99», version=«int:1..99999», sourceNode={es-master-«int:0..2»}{«hex:22»}}
INFO o.e.c.s.MasterService] [es-master-«int:0..2»] node-left[{es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300} reason: followers check retry count exceeded], term: «int:1..99», version: «int:1..99999», delta: removed {{es-data-«int:0..5»}{«hex:22»}}
INFO o.e.x.i.IndexLifecycleTransition] [es-master-«int:0..2»] moving index [«index»] from [{"phase":"hot","action":"rollover","name":"check-rollover-ready"}] to [{"phase":"hot","action":"rollover","name":"attempt-rollover"}] in policy [«word»-policy]
ERROR o.e.x.i.IndexLifecycleRunner] [es-master-«int:0..2»] policy [«word»-policy] for index [«index»] failed on step [{"phase":"hot","action":"rollover","name":"check-rollover-ready"}]. Moving to ERROR step⏎java.lang.IllegalArgumentException: setting [index.lifecycle.rollover_alias] for index [«index»] is empty or not defined⏎	at org.elasticsearch.xpack.core.ilm.WaitForRolloverReadyStep.evaluateCondition(WaitForRolloverReadyStep.java:91)
WARN o.e.i.c.IndicesClusterStateService] [es-data-«int:0..5»] [«index»][«int:0..5»] marking and sending shard failed due to [failed recovery]
WARN o.e.c.r.a.AllocationService] [es-master-«int:0..2»] failing shard [failed shard, shard [«index»][«int:0..5»], node[«hex:22»], [R], recovery_source[peer recovery], s[INITIALIZING], a[id=«hex:22»], unassigned_info[[reason=NODE_LEFT], at[«iso»], delayed=«bool», details[node_left [«hex:22»]], allocation_status[no_attempt]], expected_shard_size[«int:1000..99999999»], message [failed recovery]]
INFO o.e.n.Node] [es-data-«int:0..5»] version[8.13.2], pid[«int:1..99»], build[docker/«hex:40»/«iso»], OS[Linux/5.15.0-«int:1..200»-generic/amd64], JVM[Oracle Corporation/OpenJDK 64-Bit Server VM/21.0.2]
INFO o.e.n.Node] [es-data-«int:0..5»] started {es-data-«int:0..5»}{«hex:22»}{«ip»}{«ip»:9300}{xpack.installed=true}
DEBUG o.e.a.b.TransportBulkAction] [es-data-«int:0..5»] [«index»][«int:0..5»] failed to execute bulk item (index) index {[«index»][«hex:20»], source[«json»]}
WARN o.e.i.b.request] [es-data-«int:0..5»] [request] New used memory «int:1000000..99999999» [«size»] for data of [<reused_arrays>] would be larger than configured breaker: «int:1000000..99999999» [«size»], breaking
WARN i.s.s.query] [es-data-«int:0..5»] [«index»][«int:0..5»] took[«float:1..9»s], took_millis[«int:1000..9999»], total_hits[«int:1..9999»+ hits], types[], stats[], search_type[QUERY_THEN_FETCH], total_shards[«int:1..60»], source[{"size":«int:10..500»,"query":{"match":{"«word»":{"query":"«words:1..4»"}}}}], id[]
INFO o.e.s.SnapshotsService] [es-master-«int:0..2»] snapshot [backups:nightly-«iso»/«hex:22»] started
INFO o.e.s.SnapshotsService] [es-master-«int:0..2»] snapshot [backups:nightly-«iso»/«hex:22»] completed with state [SUCCESS]
WARN o.e.s.SnapshotShardsService] [es-data-«int:0..5»] [[«index»][«int:0..5»]][backups:nightly-«iso»/«hex:22»] failed to snapshot shard
ERROR o.e.b.Elasticsearch] [es-data-«int:0..5»] fatal error in thread [elasticsearch[es-data-«int:0..5»][search][T#«int:1..12»]], exiting`,
  },
  {
    name: 'mongodb',
    head: '{"t":{"$date":"«now»"},"s":"«L»",«M»}',
    statements: `
I "c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection accepted","attr":{"remote":"«ip»:«port»","uuid":{"uuid":{"$uuid":"«uuid»"}},"connectionId":«int:1..99999»,"connectionCount":«int:1..400»}
I "c":"NETWORK","id":22944,"ctx":"conn«int:1..99999»","msg":"Connection ended","attr":{"remote":"«ip»:«port»","uuid":{"uuid":{"$uuid":"«uuid»"}},"connectionId":«int:1..99999»,"connectionCount":«int:1..400»}
I "c":"NETWORK","id":51800,"ctx":"conn«int:1..99999»","msg":"client metadata","attr":{"remote":"«ip»:«port»","client":"conn«int:1..99999»","negotiatedCompressors":[],"doc":{"driver":{"name":"nodejs","version":"6.«int:1..9».0"},"platform":"Node.js v20.11.«int:0..9», LE","os":{"name":"linux","architecture":"x64","version":"5.15.0-«int:1..200»-generic","type":"Linux"}}}
I "c":"ACCESS","id":5286306,"ctx":"conn«int:1..99999»","msg":"Successfully authenticated","attr":{"client":"«ip»:«port»","isSpeculative":«bool»,"isClusterMember":false,"mechanism":"SCRAM-SHA-256","user":"«word»","db":"admin","result":0,"metrics":{"conversation_duration":{"micros":«int:100..9999»,"summary":{}}}}
I "c":"ACCESS","id":5286307,"ctx":"conn«int:1..99999»","msg":"Failed to authenticate","attr":{"client":"«ip»:«port»","isSpeculative":«bool»,"isClusterMember":false,"mechanism":"SCRAM-SHA-256","user":"«word»","db":"admin","error":"AuthenticationFailed: SCRAM authentication failed, storedKey mismatch","result":18}
I "c":"COMMAND","id":51803,"ctx":"conn«int:1..99999»","msg":"Slow query","attr":{"type":"command","ns":"shop.«word»","command":{"find":"«word»","filter":«json»,"limit":«int:1..500»,"lsid":{"id":{"$uuid":"«uuid»"}},"$db":"shop"},"planSummary":"COLLSCAN","keysExamined":0,"docsExamined":«int:1..999999»,"nreturned":«int:0..101»,"reslen":«int:100..99999»,"locks":{"Global":{"acquireCount":{"r":«int:1..99»}}},"storage":{},"protocol":"op_msg","durationMillis":«int:100..9999»}
I "c":"WRITE","id":51803,"ctx":"conn«int:1..99999»","msg":"Slow query","attr":{"type":"update","ns":"shop.«word»","command":{"q":«json»,"u":{"$set":«json»},"multi":«bool»,"upsert":«bool»},"planSummary":"IXSCAN { _id: 1 }","keysExamined":«int:1..99»,"docsExamined":«int:1..99»,"nMatched":1,"nModified":1,"numYields":0,"durationMillis":«int:100..9999»}
I "c":"STORAGE","id":22430,"ctx":"Checkpointer","msg":"WiredTiger message","attr":{"message":{"ts_sec":«int:1700000000..1790000000»,"ts_usec":«int:1..999999»,"thread":"1:0x«hex:12»","session_name":"WT_SESSION.checkpoint","category":"WT_VERB_CHECKPOINT_PROGRESS","category_id":«int:6..7»,"verbose_level":"DEBUG_1","verbose_level_id":1,"msg":"saving checkpoint snapshot min: «int:1..999999», snapshot max: «int:1..999999» snapshot count: 0, oldest timestamp: («int:1700000000..1790000000», «int:1..9») , meta checkpoint timestamp: («int:1700000000..1790000000», «int:1..9») base write gen: «int:1..9999»"}}
I "c":"REPL","id":21215,"ctx":"ReplCoord-«int:1..30»","msg":"Member is in new state","attr":{"hostAndPort":"mongo-«int:0..2».mongo.«space».svc:27017","newState":"SECONDARY"}
I "c":"REPL","id":21216,"ctx":"ReplCoord-«int:1..30»","msg":"Member is now in state DOWN","attr":{"hostAndPort":"mongo-«int:0..2».mongo.«space».svc:27017","heartbeatMessage":"Error connecting to mongo-«int:0..2».mongo.«space».svc:27017 («ip»:27017) :: caused by :: Connection refused"}
I "c":"ELECTION","id":4615652,"ctx":"ReplCoord-«int:1..30»","msg":"Starting an election, since we've seen no PRIMARY in election timeout period","attr":{"electionTimeoutPeriodMillis":10000}
I "c":"ELECTION","id":21444,"ctx":"ReplCoord-«int:1..30»","msg":"Dry election run succeeded, running for election","attr":{"newTerm":«int:1..99»}
I "c":"ELECTION","id":21450,"ctx":"ReplCoord-«int:1..30»","msg":"Election succeeded, assuming primary role","attr":{"term":«int:1..99»}
I "c":"REPL_HB","id":23974,"ctx":"ReplCoord-«int:1..30»","msg":"Heartbeat failed after max retries","attr":{"target":"mongo-«int:0..2».mongo.«space».svc:27017","maxHeartbeatRetries":2,"error":{"code":93,"codeName":"InvalidReplicaSetConfig","errmsg":"replica set IDs do not match, ours: «hex:24»; remote node's: «hex:24»"}}
I "c":"INDEX","id":20438,"ctx":"conn«int:1..99999»","msg":"Index build: registering","attr":{"buildUUID":{"uuid":{"$uuid":"«uuid»"}},"namespace":"shop.«word»","collectionUUID":{"uuid":{"$uuid":"«uuid»"}},"indexes":«int:1..3»,"firstIndex":{"name":"«word»_1"}}
I "c":"INDEX","id":20345,"ctx":"IndexBuildsCoordinatorMongod-«int:0..9»","msg":"Index build: done building","attr":{"buildUUID":{"uuid":{"$uuid":"«uuid»"}},"collectionUUID":{"uuid":{"$uuid":"«uuid»"}},"namespace":"shop.«word»","index":"«word»_1","ident":"index-«int:1..999»-«int:1000000..99999999»","commitTimestamp":{"$timestamp":{"t":«int:1700000000..1790000000»,"i":«int:1..9»}}}
I "c":"SHARDING","id":20997,"ctx":"conn«int:1..99999»","msg":"Refreshed cached database entry","attr":{"db":"«word»","shard":"rs«int:0..3»","durationMillis":«int:1..99»}
W "c":"NETWORK","id":23019,"ctx":"ReplicaSetMonitor-TaskExecutor","msg":"Host failed in replica set","attr":{"replicaSet":"rs«int:0..3»","host":"«ip»:27017","error":{"code":6,"codeName":"HostUnreachable","errmsg":"Error connecting to «ip»:27017 :: caused by :: Connection refused"},"action":"mark «int:1..9» connections dropped"}
W "c":"QUERY","id":20478,"ctx":"conn«int:1..99999»","msg":"Plan executor error during find command","attr":{"error":{"code":292,"codeName":"QueryExceededMemoryLimitNoDiskUseAllowed","errmsg":"Executor error during find command :: caused by :: Sort exceeded memory limit of 104857600 bytes"},"stats":{},"cmd":{"find":"«word»","filter":«json»,"sort":{"«word»":-1}}}
I "c":"TXN","id":51802,"ctx":"conn«int:1..99999»","msg":"transaction","attr":{"parameters":{"lsid":{"id":{"$uuid":"«uuid»"}},"txnNumber":«int:1..9999»,"autocommit":false,"readConcern":{"level":"snapshot"}},"readTimestamp":"Timestamp(«int:1700000000..1790000000», «int:1..9»)","terminationCause":"committed","timeActiveMicros":«int:100..99999»,"timeInactiveMicros":«int:100..99999»,"durationMillis":«int:100..9999»}
I "c":"CONTROL","id":20883,"ctx":"conn«int:1..99999»","msg":"Interrupted operation as its client disconnected","attr":{"opId":«int:1000..9999999»}
I "c":"CONTROL","id":23377,"ctx":"SignalHandler","msg":"Received signal","attr":{"signal":15,"error":"Terminated"}
I "c":"FTDC","id":20631,"ctx":"ftdc","msg":"Unclean full-time diagnostic data capture shutdown detected, found interim file, some metrics may have been lost","attr":{"error":{"code":0,"codeName":"OK"}}
I "c":"-","id":20573,"ctx":"conn«int:1..99999»","msg":"Logical clock ticked beyond","attr":{"clusterTime":{"$timestamp":{"t":«int:1700000000..1790000000»,"i":«int:1..9»}},"lag":«int:1..999»}
E "c":"STORAGE","id":22435,"ctx":"thread«int:1..9»","msg":"WiredTiger error","attr":{"error":28,"message":"[«int:1700000000..1790000000»:«int:1..999999»][1:0x«hex:12»], file:collection-«int:1..999»-«int:1000000..99999999».wt, WT_SESSION.checkpoint: [WT_VERB_DEFAULT][ERROR]: __posix_file_write, 579: /data/db/collection-«int:1..999».wt: handle-write: pwrite: failed to write «int:4096..99999» bytes at offset «int:1..9999999»: No space left on device"}`,
  },
  {
    name: 'redis',
    head: '«int:1..1»:«L» «now:0:redis» «M»',
    statements: `
M * «int:1..10000» changes in «int:60..3600» seconds. Saving...
M * Background saving started by pid «int:20..99999»
C * DB saved on disk
C * RDB: «int:1..900» MB of memory used by copy-on-write
M * Background saving terminated with success
M # Background saving error
C # Write error saving DB on disk: No space left on device
M * Starting automatic rewriting of AOF on «int:100..900»% growth
M * Background append only file rewriting started by pid «int:20..99999»
M * Background AOF rewrite finished successfully
M * AOF rewrite child asks to stop sending diffs.
C * Concatenating «float:0..90» MB of AOF diff received from parent.
M * Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete, this may slow down Redis.
M * Replica «ip»:6379 asks for synchronization
M * Full resync requested by replica «ip»:6379
M * Partial resynchronization request from «ip»:6379 accepted. Sending «int:0..999999» bytes of backlog starting from offset «int:1000..99999999».
M * Unable to partial resync with replica «ip»:6379 for lack of backlog (Replica request was: «int:1000..99999999»).
M * Synchronization with replica «ip»:6379 succeeded
M # Connection with replica «ip»:6379 lost.
M # Disconnecting timedout replica (streaming sync): «ip»:6379
S * Connecting to MASTER «ip»:6379
S * MASTER <-> REPLICA sync started
S * Non blocking connect for SYNC fired the event.
S * Master replied to PING, replication can continue...
S * Trying a partial resynchronization (request «hex:40»:«int:1000..99999999»).
S * Full resync from master: «hex:40»:«int:1000..99999999»
S * MASTER <-> REPLICA sync: receiving «int:1000..99999999» bytes from master to disk
S * MASTER <-> REPLICA sync: Flushing old data
S * MASTER <-> REPLICA sync: Loading DB in memory
S # Error condition on socket for SYNC: Connection refused
S # MASTER timeout: no data nor PING received...
M # Client id=«int:1..99999» addr=«ip»:«port» laddr=«ip»:6379 fd=«int:7..900» name=«word» age=«int:1..9999» idle=«int:0..300» flags=N db=0 sub=«int:0..2» psub=0 multi=-1 qbuf=«int:0..99999» qbuf-free=0 omem=«int:1000..99999999» events=rw cmd=subscribe user=default scheduled to be closed ASAP for overcoming of output buffer limits.
X # +sdown slave «ip»:6379 «ip» 6379 @ mymaster «ip» 6379
X # -sdown slave «ip»:6379 «ip» 6379 @ mymaster «ip» 6379
X # +odown master mymaster «ip» 6379 #quorum «int:2..3»/2
X # +vote-for-leader «hex:40» «int:1..99»
X # +switch-master mymaster «ip» 6379 «ip» 6379
X * +reboot slave «ip»:6379 «ip» 6379 @ mymaster «ip» 6379
M # Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. This is likely due to an attacker attempting to use Cross Protocol Scripting to compromise your Redis instance. Connection aborted.
M * DB loaded from disk: «float:0..90» seconds
M * Ready to accept connections tcp`,
  },
  {
    name: 'rabbitmq',
    head: '«now:0:dot»+00:00 [«L»] <0.«int:100..99999».0> «M»',
    statements: `
info accepting AMQP connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672)
info connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672): user '«word»' authenticated and granted access to vhost '/«word»'
info connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672 - «service») has a client-provided name: «service»-«int:1..99»
info closing AMQP connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672, vhost: '/«word»', user: '«word»')
warning closing AMQP connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672, vhost: '/«word»', user: '«word»'):⏎client unexpectedly closed TCP connection
error closing AMQP connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672):⏎missed heartbeats from client, timeout: «int:10..60»s
error Error on AMQP connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672, state: starting):⏎PLAIN login refused: user '«word»' - invalid credentials
error Channel error on connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672, vhost: '/«word»', user: '«word»'), channel «int:1..20»:⏎operation basic.publish caused a channel exception not_found: no exchange '«word»' in vhost '/«word»'
error Channel error on connection <0.«int:100..99999».0> («ip»:«port» -> «ip»:5672, vhost: '/«word»', user: '«word»'), channel «int:1..20»:⏎operation none caused a channel exception precondition_failed: delivery acknowledgement on channel «int:1..20» timed out. Timeout value used: 1800000 ms.
warning memory resource limit alarm set on node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc'.
warning disk resource limit alarm set on node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc'.
info memory resource limit alarm cleared on node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc'
info vm_memory_high_watermark set. Memory used:«int:100000000..999999999» allowed:«int:100000000..999999999»
info vm_memory_high_watermark clear. Memory used:«int:100000000..999999999» allowed:«int:100000000..999999999»
info Free disk space is insufficient. Free bytes: «int:1000..99999999». Limit: 50000000
info node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc' up
info node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc' down: connection_closed
info rabbit on node 'rabbit@rabbitmq-«int:0..2».rabbitmq-headless.«space».svc' down
error Partial partition detected:⏎ * We saw DOWN from rabbit@rabbitmq-«int:0..2»⏎ * We can still see rabbit@rabbitmq-«int:0..2» which can see rabbit@rabbitmq-«int:0..2»
info Mirrored queue '«topic»' in vhost '/«word»': Adding mirror on node 'rabbit@rabbitmq-«int:0..2»': <«int:1000..99999».«int:100..9999».0>
info queue '«topic»' in vhost '/«word»': detected replica on node 'rabbit@rabbitmq-«int:0..2»' with «int:0..99999» messages
info ra: meta data store initialised for system quorum_queues. «int:0..99» record(s) recovered
notice queue '«topic»' in vhost '/«word»': pre_vote -> candidate in term: «int:1..99» machine version: 3
notice queue '«topic»' in vhost '/«word»': candidate -> leader in term: «int:1..99» machine version: 3
notice queue '«topic»' in vhost '/«word»': leader saw request_vote_rpc from {'%2F_«word»','rabbit@rabbitmq-«int:0..2»'} for term «int:1..99» abdicates term: «int:1..99»!
info Successfully set policy '«word»' matching all queue names in virtual host '/«word»'
info Adding vhost '«word»' (description: '«words:1..6»', tags: «list:0..3»)
info Created user '«word»'
info Asked to [re-]register a federation link to «url»
warning Shovel '«word»' in virtual host '/«word»' disconnected from source «url»
info Message store "«hex:25»/msg_store_persistent": rebuilding indices from scratch
error ** Generic server <0.«int:100..99999».0> terminating⏎** Last message in was {'$gen_cast',{submit_async,#Fun<rabbit_queue_index.33.«int:1000000..99999999»>}}⏎** When Server state == undefined⏎** Reason for termination ==⏎** {{badmatch,{error,enospc}},[{rabbit_queue_index,append_journal_to_segment,2,[{file,"rabbit_queue_index.erl"},{line,«int:100..1200»}]}]}`,
  },
  {
    name: 'logback',
    head: '«now»  «L» 1 --- [«service»] «M»',
    statements: `
INFO [nio-8080-exec-«int:1..200»] c.e.shop.web.OrderController            : Created order «int:1000..999999» for customer «mail» with «int:1..12» items
INFO [nio-8080-exec-«int:1..200»] c.e.shop.web.OrderController            : Order «int:1000..999999» cancelled by customer «mail»: «words:1..6»
INFO [nio-8080-exec-«int:1..200»] c.e.shop.web.RequestLoggingFilter       : «method» «path» -> «status» in «int:1..5000» ms [traceId=«hex:32»]
DEBUG [nio-8080-exec-«int:1..200»] o.s.web.servlet.DispatcherServlet        : Completed «status» OK
DEBUG [nio-8080-exec-«int:1..200»] o.s.web.servlet.DispatcherServlet        : GET "«path»", parameters={masked}
INFO [scheduling-«int:1..4»] c.e.shop.jobs.CleanupJob                 : Removed «int:0..999» expired baskets in «int:1..9999» ms
INFO [scheduling-«int:1..4»] c.e.shop.jobs.CleanupJob                 : Nothing to remove
INFO [scheduling-«int:1..4»] c.e.shop.jobs.ReportJob                  : Report «word»-«iso».pdf written («int:1..9999» KB) and sent to [«Words:1..5»]
WARN [HikariPool-1 housekeeper] com.zaxxer.hikari.pool.HikariPool        : HikariPool-1 - Thread starvation or clock leap detected (housekeeper delta=«int:1..59»s«int:1..999»ms).
WARN [HikariPool-1 connection adder] com.zaxxer.hikari.pool.PoolBase     : HikariPool-1 - Failed to validate connection org.postgresql.jdbc.PgConnection@«hex:8» (This connection has been closed.). Possibly consider using a shorter maxLifetime value.
DEBUG [HikariPool-1 housekeeper] com.zaxxer.hikari.pool.HikariPool        : HikariPool-1 - Pool stats (total=«int:1..20», active=«int:0..20», idle=«int:0..20», waiting=«int:0..90»)
ERROR [nio-8080-exec-«int:1..200»] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() for servlet [dispatcherServlet] in context with path [] threw exception [Request processing failed: org.springframework.dao.DataAccessResourceFailureException: Unable to acquire JDBC Connection] with root cause⏎java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after «int:30000..30099»ms.⏎	at com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)⏎	at com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:197)⏎	at org.hibernate.internal.NonContextualJdbcConnectionAccess.obtainConnection(NonContextualJdbcConnectionAccess.java:38)⏎	... «int:20..120» common frames omitted
ERROR [nio-8080-exec-«int:1..200»] c.e.shop.web.ErrorHandler                : Unhandled exception for «method» «path»⏎java.lang.NullPointerException: Cannot invoke "com.example.shop.Customer.getId()" because "customer" is null⏎	at com.example.shop.service.BasketService.priceOf(BasketService.java:118)⏎	at com.example.shop.web.BasketController.show(BasketController.java:44)
WARN [nio-8080-exec-«int:1..200»] .w.s.m.s.DefaultHandlerExceptionResolver : Resolved [org.springframework.web.HttpRequestMethodNotSupportedException: Request method '«method»' is not supported]
WARN [nio-8080-exec-«int:1..200»] .w.s.m.s.DefaultHandlerExceptionResolver : Resolved [org.springframework.http.converter.HttpMessageNotReadableException: JSON parse error: Unexpected character ('«word»' (code «int:32..126»)): was expecting comma to separate Object entries]
WARN [nio-8080-exec-«int:1..200»] o.h.engine.jdbc.spi.SqlExceptionHelper   : SQL Error: 0, SQLState: «int:10000..60000»
ERROR [nio-8080-exec-«int:1..200»] o.h.engine.jdbc.spi.SqlExceptionHelper   : ERROR: duplicate key value violates unique constraint "«word»_«word»_key"
INFO [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port «int:8080..8090» (http) with context path ''
INFO [main] com.example.shop.ShopApplication         : Started ShopApplication in «float:3..40» seconds (process running for «float:3..40»)
INFO [main] com.example.shop.ShopApplication         : The following «int:1..3» profiles are active: "«word»", "«word»"
INFO [main] .s.d.r.c.RepositoryConfigurationDelegate : Finished Spring Data repository scanning in «int:10..999» ms. Found «int:1..60» JPA repository interfaces.
INFO [ntainer#0-0-C-1] o.a.k.c.c.internals.ConsumerCoordinator  : [Consumer clientId=consumer-«service»-«int:1..9», groupId=«service»] Adding newly assigned partitions: «topic»-«int:0..9», «topic»-«int:0..9»
INFO [ntainer#0-0-C-1] o.a.k.clients.consumer.internals.Fetcher : [Consumer clientId=consumer-«service»-«int:1..9», groupId=«service»] Resetting offset for partition «topic»-«int:0..9» to position FetchPosition{offset=«int:0..999999», offsetEpoch=Optional.empty, currentLeader=LeaderAndEpoch{leader=Optional[kafka-«int:0..2»:9092 (id: «int:0..2» rack: null)], epoch=«int:0..99»}}.
WARN [ntainer#0-0-C-1] org.apache.kafka.clients.NetworkClient   : [Consumer clientId=consumer-«service»-«int:1..9», groupId=«service»] Connection to node «int:0..9» (kafka-«int:0..2»/«ip»:9092) could not be established. Broker may not be available.
INFO [ionShutdownHook] com.zaxxer.hikari.HikariDataSource       : HikariPool-1 - Shutdown completed.
INFO [nio-8080-exec-«int:1..200»] c.e.shop.payments.PaymentClient         : Payment «uuid» for order «int:1000..999999» authorised: amount=«float:1..900» EUR, card=****«int:1000..9999», attempts=«int:1..3»
ERROR [nio-8080-exec-«int:1..200»] c.e.shop.payments.PaymentClient         : Payment «uuid» for order «int:1000..999999» declined by provider: «words:2..7»
WARN [pool-«int:1..9»-thread-«int:1..9»] c.e.shop.mail.MailSender                 : Could not send mail to «mail», retrying in «int:1..60» s: Mail server connection failed; nested exception is jakarta.mail.MessagingException: Connection reset
INFO [pool-«int:1..9»-thread-«int:1..9»] c.e.shop.cache.PriceCache                : Cache «word» refreshed, hits=«int:0..99999», misses=«int:0..9999», evicted=«list:0..5»
WARN [resilience-«int:1..4»] c.e.shop.CircuitBreakerLogger            : CircuitBreaker '«service»' changed state from CLOSED to OPEN, failureRate=«float:50..100»%`,
  },
  {
    name: 'argocd',
    head: 'time="«now»" level=«L» «M»',
    statements: `
info msg="Comparing app state (cluster: https://kubernetes.default.svc, namespace: «space»)" application=argocd/«service»
info msg="GetRepoObjs stats" application=argocd/«service» build_options_ms=«int:0..9» helm_ms=«int:0..9» plugins_ms=«int:0..9» repo_ms=«int:0..900» time_ms=«int:0..9999» unmarshal_ms=«int:0..900» version_ms=«int:0..90»
info msg="Skipping auto-sync: application status is Synced" application=argocd/«service»
info msg="Skipping auto-sync: most recent sync already to «hex:40»" application=argocd/«service»
warning msg="Skipping auto-sync: failed previous sync attempt to «hex:40»" application=argocd/«service»
info msg="No status changes. Skipping patch" application=argocd/«service»
info msg="Update successful" application=argocd/«service»
info msg="Reconciliation completed" app-namespace=argocd app_status_update_ms=«int:0..90» application=«service» auto_sync_ms=«int:0..90» compare_app_state_ms=«int:0..900» dedup_ms=0 dest-name= dest-namespace=«space» dest-server="https://kubernetes.default.svc" diff_ms=«int:0..900» fields.level=«int:0..3» git_ms=«int:0..9000» health_ms=«int:0..90» live_ms=«int:0..90» project=default settings_ms=«int:0..90» sync_ms=«int:0..90» time_ms=«int:0..9999»
info msg="Refreshing app status (comparison expired, requesting refresh. reconciledAt: «iso», expiry: 3m0s), level (2)" application=argocd/«service»
info msg="Refreshing app status (controller refresh requested), level («int:0..3»)" application=argocd/«service»
info msg="Initiated automated sync to '«hex:40»'" application=argocd/«service»
info msg="Syncing" application=argocd/«service» skipHooks=«bool» started=«bool» syncId=«int:10000..99999»-«hex:5»
info msg="Tasks (dry-run)" application=argocd/«service» syncId=«int:10000..99999»-«hex:5» tasks="[Sync/0 resource /Service:«space»/«service» nil->obj (,,), Sync/0 resource apps/Deployment:«space»/«service» obj->obj (,,)]"
info msg="Applying resource Deployment/«service» in cluster: https://«ip»:443, namespace: «space»"
info msg="Adding resource result, status: 'Synced', phase: 'Running', message: 'deployment.apps/«service» configured'" application=argocd/«service» kind=Deployment name=«service» namespace=«space» phase=Sync syncId=«int:10000..99999»-«hex:5»
info msg="Updating operation state. phase: Running -> Succeeded, message: 'one or more tasks are running' -> 'successfully synced (all tasks run)'" application=argocd/«service» syncId=«int:10000..99999»-«hex:5»
info msg="Partial sync operation to «hex:40» succeeded" application=«service» dest-namespace=«space» dest-server="https://kubernetes.default.svc" reason=OperationCompleted type=Normal
info msg="Updated sync status: OutOfSync -> Synced" application=«service» dest-namespace=«space» dest-server="https://kubernetes.default.svc" reason=ResourceUpdated type=Normal
info msg="Updated health status: Progressing -> Healthy" application=«service» dest-namespace=«space» dest-server="https://kubernetes.default.svc" reason=ResourceUpdated type=Normal
info msg="finished unary call with code OK" grpc.code=OK grpc.method=List grpc.service=application.ApplicationService grpc.start_time="«now»" grpc.time_ms=«float:0..900» span.kind=server system=grpc
error msg="finished unary call with code Unknown" error="Manifest generation error (cached): \`helm template . --name-template «service» --namespace «space»\` failed exit status 1: Error: values.yaml: error converting YAML to JSON: yaml: line «int:1..400»: did not find expected key" grpc.code=Unknown grpc.method=GenerateManifest grpc.service=repository.RepoServerService grpc.start_time="«now»" grpc.time_ms=«float:0..9000» span.kind=server system=grpc
error msg="failed to list refs: authentication required" repo="«url»"
info msg="manifest cache hit: &ApplicationSource{RepoURL:«url»,Path:deploy/«word»,TargetRevision:main,Helm:nil,}/«hex:40»"
info msg="manifest cache miss: &ApplicationSource{RepoURL:«url»,Path:deploy/«word»,TargetRevision:main,Helm:nil,}/«hex:40»"
info msg="git fetch origin --tags --force --prune" dir=/tmp/_argocd-repo/«uuid» execID=«hex:5»
info msg=Trace args="[git rev-parse HEAD]" dir=/tmp/_argocd-repo/«uuid» operation_name="exec git" time_ms=«float:1..90»
info msg="helm template . --name-template «service» --namespace «space» --kube-version 1.30 --values /tmp/«uuid»" dir="/tmp/_argocd-repo/«uuid»/«word»" execID=«hex:5»
warning msg="Failed to load live state of namespaced deployment «space»/«service»: the server is currently unable to handle the request" cluster="https://kubernetes.default.svc"
info msg="Start syncing cluster" server="https://kubernetes.default.svc"
info msg="Cluster successfully synced" server="https://«ip»:6443"
info msg="Alloc=«int:1..900» TotalAlloc=«int:1..99999999» Sys=«int:1..900» NumGC=«int:1..99999» Goroutines=«int:10..900»"
info msg="invalidated cache for resource in namespace: argocd with the name: argocd-«word»-cm"
warning msg="reconnect to redis because error is: 'dial tcp «ip»:6379: i/o timeout'"`,
  },
  {
    name: 'haproxy',
    head: '«M»',
    statements: `
- «ip»:«port» [«now:0:ha»] https-in~ «service»/srv«int:1..9» 0/0/«int:0..9»/«int:1..900»/«int:1..999» «status» «int:100..99999» - - ---- «int:1..400»/«int:1..400»/«int:0..90»/«int:0..40»/0 0/0 "«method» «path» HTTP/1.1"
- «ip»:«port» [«now:0:ha»] https-in~ «service»/<NOSRV> 0/«int:1..900»/-1/-1/«int:1..900» 503 «int:100..300» - - sQ-- «int:1..400»/«int:1..400»/«int:0..90»/0/0 0/«int:0..90» "«method» «path» HTTP/2.0"
- «ip»:«port» [«now:0:ha»] tcp-in «service»-tcp/srv«int:1..9» 1/0/«int:100..99999» «int:100..99999» -- «int:1..400»/«int:1..400»/«int:0..90»/«int:0..40»/0 0/0
- «ip»:«port» [«now:0:ha»] https-in/1: SSL handshake failure
- «ip»:«port» [«now:0:ha»] https-in/1: Connection closed during SSL handshake
- «ip»:«port» [«now:0:ha»] https-in/1: Timeout during SSL handshake
- [WARNING]  («int:1..99») : Server «service»/srv«int:1..9» is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: «int:0..99»ms. «int:0..9» active and «int:0..3» backup servers left. «int:0..40» sessions active, «int:0..9» requeued, «int:0..9» remaining in queue.
- [WARNING]  («int:1..99») : Server «service»/srv«int:1..9» is DOWN, reason: Layer7 wrong status, code: «int:500..504», info: "Service Unavailable", check duration: «int:0..99»ms. «int:0..9» active and «int:0..3» backup servers left. «int:0..40» sessions active, «int:0..9» requeued, «int:0..9» remaining in queue.
- [WARNING]  («int:1..99») : Server «service»/srv«int:1..9» is UP, reason: Layer7 check passed, code: 200, check duration: «int:0..99»ms. «int:0..9» active and «int:0..3» backup servers online. «int:0..9» sessions requeued, «int:0..9» total in queue.
- [ALERT]    («int:1..99») : backend '«service»' has no server available!
- [NOTICE]   («int:1..99») : New worker («int:10..9999») forked
- [NOTICE]   («int:1..99») : Loading success.
- [WARNING]  («int:1..99») : Proxy «service» stopped (cumulated conns: FE: «int:0..99999», BE: «int:0..99999»).
- [WARNING]  («int:1..99») : Stopping backend «service» in 0 ms.
- [WARNING]  («int:1..99») : Former worker («int:10..9999») exited with code 0 (Exit)
- [NOTICE]   («int:1..99») : haproxy version is 2.8.«int:0..9»-«hex:7»
- [NOTICE]   («int:1..99») : path to executable is /usr/local/sbin/haproxy
- [WARNING]  («int:1..99») : config : 'option forwardfor' ignored for frontend '«service»' as it requires HTTP mode.
- [WARNING]  («int:1..99») : «service»/srv«int:1..9»: IP changed from «ip» to «ip» by DNS cache.
- [WARNING]  («int:1..99») : Server «service»/srv«int:1..9» ('«service».«space».svc') is UP/READY (resolves again).
- [WARNING]  («int:1..99») : Server «service»/srv«int:1..9» is going DOWN for maintenance (unspecified DNS error). «int:0..9» active and «int:0..3» backup servers left. «int:0..40» sessions active, «int:0..9» requeued, «int:0..9» remaining in queue.
- [ALERT]    («int:1..99») : sendmsg()/writev() failed in logger #1: No such file or directory (errno=2)
- [ALERT]    («int:1..99») : Proxy '«service»': unable to find local peer '«pod»' in peers section 'peers'
- Connect from «ip»:«port» to «ip»:443 (https-in/HTTP)
- Health check for server «service»/srv«int:1..9» succeeded, reason: Layer4 check passed, check duration: «int:0..99»ms, status: «int:1..3»/2 UP.`,
  },
];

/** Not looked at until every mend was made. */
export const LATE_FORMATS: readonly Format[] = [
  {
    name: 'cassandra',
    head: '«L» «M»',
    statements: `
INFO [CompactionExecutor:«int:1..999»] «now:0:comma» CompactionTask.java:252 - Compacted («uuid») «int:2..9» sstables to [/var/lib/cassandra/data/shop/«word»-«hex:32»/nb-«int:1..9999»-big,] to level=0.  «float:1..900»MiB to «float:1..900»MiB (~«int:10..100»% of original) in «int:100..99999»ms.  Read Throughput = «float:1..90»MiB/s, Write Throughput = «float:1..90»MiB/s, Row Throughput = ~«int:100..99999»/s.  «int:100..99999» total partitions merged to «int:100..99999».
DEBUG [CompactionExecutor:«int:1..999»] «now:0:comma» CompactionTask.java:155 - Compacting («uuid») [/var/lib/cassandra/data/shop/«word»-«hex:32»/nb-«int:1..9999»-big-Data.db:level=0, /var/lib/cassandra/data/shop/«word»-«hex:32»/nb-«int:1..9999»-big-Data.db:level=0, ]
DEBUG [MemtableFlushWriter:«int:1..99»] «now:0:comma» Memtable.java:455 - Completed flushing /var/lib/cassandra/data/shop/«word»-«hex:32»/nb-«int:1..9999»-big-Data.db («float:1..90»MiB) for commitlog position CommitLogPosition(segmentId=«int:1700000000000..1790000000000», position=«int:1..99999999»)
DEBUG [MemtablePostFlush:«int:1..9»] «now:0:comma» ColumnFamilyStore.java:932 - Enqueuing flush of «word»: «float:1..900»KiB («int:0..99»%) on-heap, «float:0..9»KiB («int:0..9»%) off-heap
INFO [Service Thread] «now:0:comma» GCInspector.java:294 - G1 Young Generation GC in «int:200..999»ms.  G1 Eden Space: «int:1000000..999999999» -> 0; G1 Old Gen: «int:1000000..999999999» -> «int:1000000..999999999»; G1 Survivor Space: «int:1000000..99999999» -> «int:1000000..99999999»;
WARN [Service Thread] «now:0:comma» GCInspector.java:292 - G1 Old Generation GC in «int:1000..9999»ms.  G1 Eden Space: «int:1000000..999999999» -> 0; G1 Old Gen: «int:1000000..999999999» -> «int:1000000..999999999»;
INFO [GossipStage:«int:1..9»] «now:0:comma» Gossiper.java:1375 - InetAddress /«ip»:7000 is now DOWN
INFO [GossipStage:«int:1..9»] «now:0:comma» Gossiper.java:1359 - InetAddress /«ip»:7000 is now UP
INFO [GossipStage:«int:1..9»] «now:0:comma» Gossiper.java:1399 - Node /«ip»:7000 has restarted, now UP
INFO [HintsDispatcher:«int:1..9»] «now:0:comma» HintsDispatchExecutor.java:299 - Finished hinted handoff of file «uuid»-«int:1700000000000..1790000000000»-2.hints to endpoint /«ip»:7000: «uuid»
WARN [ReadStage-«int:1..64»] «now:0:comma» ReadCommand.java:551 - Read «int:100..9999» live rows and «int:1000..99999» tombstone cells for query SELECT * FROM shop.«word» WHERE id = «int:1..99999» LIMIT «int:100..5000»; token «int:1000000..999999999» (see tombstone_warn_threshold)
ERROR [ReadStage-«int:1..64»] «now:0:comma» ReadCommand.java:562 - Scanned over «int:100000..199999» tombstones during query 'SELECT * FROM shop.«word» WHERE id = «int:1..99999» LIMIT «int:100..5000»' (last scanned row token was «int:1000000..999999999»); query aborted
WARN [Native-Transport-Requests-«int:1..128»] «now:0:comma» BatchStatement.java:301 - Batch for [shop.«word», shop.«word»] is of size «float:5..50»KiB, exceeding specified threshold of 5.000KiB by «float:1..45»KiB.
WARN [Native-Transport-Requests-«int:1..128»] «now:0:comma» BatchStatement.java:325 - Unlogged batch covering «int:10..99» partitions detected against table [shop.«word»]. You should use a logged batch for atomicity, or asynchronous writes for performance.
INFO [ScheduledTasks:1] «now:0:comma» MessagingMetrics.java:206 - MUTATION_REQ messages were dropped in last 5000 ms: «int:0..99» internal and «int:0..99» cross node. Mean internal dropped latency: «int:0..9999» ms and Mean cross-node dropped latency: «int:0..9999» ms
INFO [ScheduledTasks:1] «now:0:comma» StatusLogger.java:65 - Pool Name                                       Active   Pending      Completed   Blocked  All Time Blocked
INFO [ScheduledTasks:1] «now:0:comma» StatusLogger.java:69 - «word»Stage                                      «int:0..64»         «int:0..999»      «int:1..9999999»         0                 «int:0..9»
DEBUG [ScheduledTasks:1] «now:0:comma» MonitoringTask.java:173 - «int:1..99» operations were slow in the last «int:4990..5010» msecs:⏎<SELECT * FROM shop.«word» WHERE id = «int:1..9999» LIMIT 5000>, time «int:500..9999» msec - slow timeout 500 msec
INFO [AntiEntropyStage:«int:1..9»] «now:0:comma» Validator.java:272 - [repair #«uuid»] Sending completed merkle tree to /«ip»:7000 for shop.«word»
INFO [Repair#«int:1..99»:«int:1..99»] «now:0:comma» RepairRunnable.java:270 - Repair session «uuid» for range [(«int:1000..9999999»,«int:1000..9999999»], («int:1000..9999999»,«int:1000..9999999»]] finished
ERROR [AntiEntropyStage:«int:1..9»] «now:0:comma» RepairMessageVerbHandler.java:262 - Got error processing validation message, removing parent repair session
INFO [STREAM-INIT-/«ip»:«port»] «now:0:comma» StreamResultFuture.java:119 - [Stream #«uuid» ID#«int:0..9»] Creating new streaming plan for Bootstrap from /«ip»:7000 channel.remote /«ip»:«port» channel.local /«ip»:7000 channel.id «hex:8»
INFO [main] «now:0:comma» StorageService.java:1619 - JOINING: Starting to bootstrap...
INFO [main] «now:0:comma» ColumnFamilyStore.java:385 - Initializing shop.«word»
INFO [IndexSummaryManager:1] «now:0:comma» IndexSummaryRedistribution.java:78 - Redistributing index summaries
WARN [epollEventLoopGroup-5-«int:1..16»] «now:0:comma» ExceptionHandlers.java:134 - Unknown exception in client networking⏎io.netty.channel.unix.Errors$NativeIoException: readAddress(..) failed: Connection reset by peer
INFO [OptionalTasks:1] «now:0:comma» AutoSavingCache.java:429 - Saved KeyCache («int:1..9999» items) in «int:1..999» ms`,
  },
  {
    name: 'gunicorn-django',
    head: '«M»',
    statements: `
- [«now:0:space» +0000] [«int:1..99»] [INFO] Booting worker with pid: «int:10..9999»
- [«now:0:space» +0000] [«int:1..99»] [INFO] Worker exiting (pid: «int:10..9999»)
- [«now:0:space» +0000] [«int:1..99»] [CRITICAL] WORKER TIMEOUT (pid:«int:10..9999»)
- [«now:0:space» +0000] [«int:1..99»] [ERROR] Worker (pid:«int:10..9999») was sent SIGKILL! Perhaps out of memory?
- [«now:0:space» +0000] [«int:1..99»] [INFO] Handling signal: term
- [«now:0:space» +0000] [«int:1..99»] [INFO] Autorestarting worker after current request.
- «ip» - - [«now:0:clf»] "«method» «path»/ HTTP/1.1" «status» «int:0..99999» "-" "«agent»"
- «now:0:comma» WARNING django.request: Not Found: «path»/
- «now:0:comma» WARNING django.request: Forbidden: «path»/
- «now:0:comma» WARNING django.request: Unauthorized: «path»/
- «now:0:comma» ERROR django.request: Internal Server Error: «path»/⏎Traceback (most recent call last):⏎  File "/app/.venv/lib/python3.12/site-packages/django/core/handlers/exception.py", line 55, in inner⏎    response = get_response(request)⏎  File "/app/shop/views.py", line «int:1..900», in «word»_view⏎    total = basket.total()⏎AttributeError: 'NoneType' object has no attribute 'total'
- «now:0:comma» WARNING django.security.csrf: Forbidden (CSRF cookie not set.): «path»/
- «now:0:comma» ERROR django.security.DisallowedHost: Invalid HTTP_HOST header: '«ip»:8000'. You may need to add '«ip»' to ALLOWED_HOSTS.
- «now:0:comma» DEBUG django.db.backends: («float:0..3») SELECT "shop_«word»"."id", "shop_«word»"."name" FROM "shop_«word»" WHERE "shop_«word»"."id" = «int:1..99999» LIMIT 21; args=(«int:1..99999»,); alias=default
- «now:0:comma» INFO celery.worker.strategy: Task shop.tasks.send_«word»[«uuid»] received
- «now:0:comma» INFO celery.app.trace: Task shop.tasks.send_«word»[«uuid»] succeeded in «float:0..90»s: None
- «now:0:comma» INFO celery.app.trace: Task shop.tasks.send_«word»[«uuid»] succeeded in «float:0..90»s: {'sent': «int:0..99», 'skipped': «list:0..4»}
- «now:0:comma» WARNING celery.app.trace: Task shop.tasks.send_«word»[«uuid»] retry: Retry in «int:1..600»s: ConnectionError('«words:1..4»')
- «now:0:comma» ERROR celery.app.trace: Task shop.tasks.send_«word»[«uuid»] raised unexpected: OperationalError('server closed the connection unexpectedly')
- «now:0:comma» INFO shop.orders: order placed id=«int:1..99999» user=«mail» total=«float:1..900» items=«names:1..4»
- «now:0:comma» INFO shop.orders: order shipped id=«int:1..99999» carrier=«word» parcels=«int:1..5»
- «now:0:comma» WARNING shop.stock: only «int:1..9» left of «words:1..4» (sku «HEX:8»)
- «now:0:comma» INFO shop.search: query '«words:1..6»' took «float:0..900»ms and found «int:0..9999» hits
- «now:0:comma» INFO shop.accounts: user «mail» logged in from «ip»
- «now:0:comma» INFO shop.accounts: user «mail» logged out
- «now:0:comma» WARNING shop.accounts: failed login for «mail» from «ip» («int:1..9» attempts)
- «now:0:comma» INFO shop.imports: import of «file» finished: «int:0..9999» created, «int:0..9999» updated, «int:0..99» failed`,
  },
  {
    name: 'clickhouse',
    head: '«now:0:dot» [ «int:1..999» ] {«uuid»} <«L»> «M»',
    statements: `
Debug executeQuery: (from «ip»:«port», user: «word») SELECT count() FROM shop.«word» WHERE day = '«iso»' AND tenant IN («int:1..99», «int:1..99», «int:1..99») GROUP BY «word» (stage: Complete)
Debug executeQuery: (from «ip»:«port», user: «word») INSERT INTO shop.«word» («word», «word», «word») FORMAT JSONEachRow (stage: Complete)
Debug executeQuery: Read «int:1..9999999» rows, «float:1..900» MiB in «float:0..9» sec., «float:1..99999» rows/sec., «float:1..900» MiB/sec.
Debug TCPHandler: Processed in «float:0..9» sec.
Debug DynamicQueryHandler: Done processing query
Debug MemoryTracker: Peak memory usage (for query): «float:1..900» MiB.
Trace ContextAccess (default): Access granted: SELECT(«word», «word») ON shop.«word»
Error executeQuery: Code: 241. DB::Exception: Memory limit (total) exceeded: would use «float:1..90» GiB (attempt to allocate chunk of «int:1000000..99999999» bytes), maximum: «float:1..90» GiB: While executing AggregatingTransform. (MEMORY_LIMIT_EXCEEDED) (version 24.3.2.23) (from «ip»:«port») (in query: SELECT «words:2..9»), Stack trace (when copying this message, always include the lines below):⏎⏎0. DB::Exception::Exception(DB::Exception::MessageMasked&&, int, bool) @ 0x«hex:12» in /usr/bin/clickhouse⏎1. MemoryTracker::allocImpl(long, bool, MemoryTracker*, double) @ 0x«hex:12» in /usr/bin/clickhouse
Error executeQuery: Code: 60. DB::Exception: Table shop.«word» does not exist. Maybe you meant shop.«word»?. (UNKNOWN_TABLE) (version 24.3.2.23) (from «ip»:«port») (in query: SELECT «words:2..9»)
Error executeQuery: Code: 252. DB::Exception: Too many parts («int:300..900» with average size of «float:1..90» MiB) in table 'shop.«word» («uuid»)'. Merges are processing significantly slower than inserts. (TOO_MANY_PARTS) (version 24.3.2.23) (from «ip»:«port»)
Debug shop.«word» («uuid») (MergerMutator): Selected «int:2..20» parts from all_«int:1..9999»_«int:1..9999»_«int:0..9» to all_«int:1..9999»_«int:1..9999»_«int:0..9»
Debug MergeTask::PrepareStage: Merging «int:2..20» parts: from all_«int:1..9999»_«int:1..9999»_«int:0..9» to all_«int:1..9999»_«int:1..9999»_«int:0..9» into Wide with storage Full
Debug MergeTask::MergeProjectionsStage: Merge sorted «int:100..9999999» rows, containing «int:1..40» columns («int:1..40» merged, 0 gathered) in «float:0..90» sec., «float:1..99999» rows/sec., «float:1..900» MiB/sec.
Trace shop.«word» («uuid»): Trying to reserve «float:1..90» GiB using storage policy from min volume index 0
Debug DiskLocal: Reserved «float:1..900» MiB on local disk \`default\`, having unreserved «float:1..900» GiB.
Trace shop.«word» («uuid»): Renaming temporary part tmp_insert_all_«int:1..9999»_«int:1..9999»_0 to all_«int:1..9999»_«int:1..9999»_0 with tid (1, 1, 00000000-0000-0000-0000-000000000000).
Information shop.«word» («uuid»): Removing «int:1..99» parts from filesystem (serially): Parts: [all_«int:1..9999»_«int:1..9999»_«int:0..9»]
Warning shop.«word» («uuid») (ReplicatedMergeTreeQueue): Not executing log entry queue-«int:1000..9999999» for part all_«int:1..9999»_«int:1..9999»_«int:0..9» because it is covered by part all_«int:1..9999»_«int:1..9999»_«int:0..9» that is currently executing.
Error shop.«word» («uuid») (ReplicatedMergeTreeRestartingThread): Session expired, switching to readonly mode
Information ZooKeeperClient: Connected to ZooKeeper at «ip»:2181 with session_id «int:1000000..9999999999»
Warning ConnectionPoolWithFailover: Connection failed at try №«int:1..3», reason: Code: 210. DB::NetException: Connection refused («service»-«int:0..3»:9000). (NETWORK_ERROR)
Trace SystemLog (system.query_log): Flushing system log, «int:1..9999» entries to flush up to offset «int:1..999999»
Trace SystemLog (system.query_log): Flushed system log up to offset «int:1..999999»
Debug AsynchronousMetrics: MemoryTracking: was «float:1..9» GiB, peak «float:1..9» GiB, free memory in arenas «float:1..90» MiB, will set to «float:1..9» GiB (RSS), difference: «float:-90..90» MiB
Information Application: Received termination signal (Terminated)
Debug HTTP-Session: «uuid» Authenticating user '«word»' from «ip»:«port»
Information HTTP-Session: «uuid» Logout, user_id: «uuid»`,
  },
  {
    name: 'pino',
    head: '{"level":«L»,"time":«now:0:epoch»,"pid":1,"hostname":"«pod»",«M»}',
    statements: `
30 "reqId":"req-«hex:4»","req":{"method":"«method»","url":"«path»","hostname":"«service».example.com","remoteAddress":"«ip»","remotePort":«port»},"msg":"incoming request"
30 "reqId":"req-«hex:4»","res":{"statusCode":«status»},"responseTime":«float:0..5000»,"msg":"request completed"
50 "reqId":"req-«hex:4»","err":{"type":"TypeError","message":"Cannot read properties of undefined (reading '«word»')","stack":"TypeError: Cannot read properties of undefined (reading '«word»')\\n    at handler (/app/dist/routes/«word».js:«int:1..400»:«int:1..80»)\\n    at preHandlerCallback (/app/node_modules/fastify/lib/handleRequest.js:137:37)"},"msg":"Cannot read properties of undefined"
50 "reqId":"req-«hex:4»","err":{"type":"Error","message":"connect ECONNREFUSED «ip»:5432","code":"ECONNREFUSED"},"msg":"connect ECONNREFUSED «ip»:5432"
40 "reqId":"req-«hex:4»","err":{"type":"FastifyError","message":"body must have required property '«word»'","code":"FST_ERR_VALIDATION"},"msg":"body must have required property '«word»'"
30 "msg":"Server listening at http://«ip»:3000"
30 "msg":"cache warmed with «int:0..9999» entries in «int:1..999»ms"
20 "key":"«word»:«int:1..9999»","msg":"cache hit"
20 "key":"«word»:«int:1..9999»","msg":"cache miss"
30 "job":{"id":"«uuid»","name":"«word»","data":«json»},"queue":"«word»","msg":"job started"
30 "job":{"id":"«uuid»","name":"«word»","attempts":«int:1..3»},"queue":"«word»","took":«int:1..99999»,"msg":"job finished"
50 "job":{"id":"«uuid»","name":"«word»","attempts":«int:1..3»},"queue":"«word»","err":{"type":"Error","message":"«words:2..6»"},"msg":"job failed, will retry in «int:1..600»s"
50 "job":{"id":"«uuid»","name":"«word»","attempts":3},"queue":"«word»","err":{"type":"Error","message":"«words:2..6»"},"msg":"job failed for good"
40 "used":«int:1..900»,"limit":«int:900..1000»,"msg":"heap usage above 90 %"
40 "lag":«float:1..900»,"msg":"event loop blocked for «int:50..5000»ms"
30 "user":{"id":«int:1..99999»,"email":"«mail»","roles":«names:1..3»},"msg":"user signed in"
30 "user":{"id":«int:1..99999»},"msg":"user signed out"
40 "user":{"email":"«mail»"},"ip":"«ip»","msg":"sign-in refused: «words:1..4»"
30 "order":{"id":"«uuid»","items":«list:1..6»,"total":«float:1..900»},"msg":"order «uuid» created"
30 "order":{"id":"«uuid»"},"carrier":"«word»","msg":"order «uuid» handed to carrier «word»"
20 "sql":"select * from \\"«word»\\" where \\"id\\" = $1 limit $2","bindings":[«int:1..999»,«int:1..9»],"took":«float:0..900»,"msg":"query"
30 "topic":"«topic»","partition":«int:0..9»,"offset":"«int:1..999999»","msg":"message consumed"
50 "topic":"«topic»","partition":«int:0..9»,"msg":"consumer crashed: KafkaJSNumberOfRetriesExceeded"
40 "attempt":«int:1..9»,"delay":«int:100..9999»,"msg":"redis reconnecting"
30 "signal":"SIGTERM","msg":"shutting down, «int:0..99» requests in flight"
60 "err":{"type":"Error","message":"«words:2..6»"},"msg":"uncaught exception"`,
  },
];
