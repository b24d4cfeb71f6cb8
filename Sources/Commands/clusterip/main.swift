print("clusterip")
