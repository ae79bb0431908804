using Firezone.Cli;

return await Application.RunAsync(args, Surroundings.OfThisProcess());
