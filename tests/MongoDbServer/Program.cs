Console.Error.WriteLine("Not yet.");
return 1;
