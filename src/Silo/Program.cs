Console.Error.WriteLine(
    "A silo of its own needs cluster membership, which this version does not have yet: run IndiiMusic.Standalone.");
return 1;
