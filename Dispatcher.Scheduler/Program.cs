return await Broker.Scheduler.SchedulerProgram.RunAsync(args);
