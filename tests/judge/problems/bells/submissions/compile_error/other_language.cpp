print("ding dong")
