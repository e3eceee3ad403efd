module quarterdeck.test/cluster/workload

go 1.26
