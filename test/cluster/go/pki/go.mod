module quarterdeck.test/cluster/pki

go 1.26
