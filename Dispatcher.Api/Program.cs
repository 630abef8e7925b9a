return await Broker.Api.ApiProgram.RunAsync(args);
