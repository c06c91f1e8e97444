module example.com/sign_in

go 1.19
