namespace Broker.Cli;

/// <summary>Hands in batches until every task is taken or refused.</summary>
internal sealed class BatchSender(
    BrokerClient client, BatchBody body, Perseverance perseverance, SubmitTally tally, Action<long, string> refuse)
{
    /// <summary>The ids of those that were taken. Repeats what may pass; the keys make that safe.</summary>
    /// <exception cref="CliException">Some are not known to be safe; they are in the tally.</exception>
    public async Task<List<Guid>> SendAsync(IReadOnlyList<SubmitItem> batch, CancellationToken cancellationToken)
    {
        var open = batch.ToList();
        var ids = new List<Guid>(batch.Count);
        try
        {
            await perseverance.RunAsync(() => SendOnceAsync(open, ids, cancellationToken), cancellationToken);
        }
        catch (ApiRefusedException exception) when (exception.Status is 400 or 413 or 422)
        {
            // The request as a whole was refused for something in it: the culprit must not take the others along.
            if (open is [var culprit])
            {
                refuse(culprit.Line, exception.Message);
                return ids;
            }
            ids.AddRange(await SendAsync(open[..(open.Count / 2)], cancellationToken));
            ids.AddRange(await SendAsync(open[(open.Count / 2)..], cancellationToken));
        }
        catch
        {
            tally.LeaveUnconfirmed(open.Count);
            throw;
        }
        return ids;
    }

    /// <summary>Takes off the list what was answered for good; the rest is thrown as one refusal that may pass.</summary>
    private async Task<bool> SendOnceAsync(List<SubmitItem> open, List<Guid> ids, CancellationToken cancellationToken)
    {
        var answer = await client.PostAsync("v1/tasks/batch", body.Write(open), cancellationToken);
        var answers = answer.Read(ClientJson.Default.BatchAnswer).Items;
        if (answers.Count != open.Count)
            throw new CliException(ExitCode.Unreachable, $"The API answered {answers.Count} of {open.Count} tasks of a batch.");
        StopIfAllAreRefusedAlike(answers);

        var left = new List<SubmitItem>();
        ApiRefusedException? turnedAway = null;
        for (var i = 0; i < answers.Count; i++)
        {
            if (answers[i].Id is { } id)
            {
                ids.Add(id);
                tally.Submit();
                continue;
            }
            var refusal = new ApiRefusedException(answers[i].Status, answers[i].Problem ?? new ProblemInfo(), answer.RetryAfter);
            if (!refusal.IsTransient)
            {
                refuse(open[i].Line, refusal.Message);
                continue;
            }
            left.Add(open[i]);
            turnedAway = refusal;
        }
        open.Clear();
        open.AddRange(left);
        return turnedAway is null ? true : throw turnedAway;
    }

    /// <summary>An unknown pool or a wrong priority is the command's fault, not each line's.</summary>
    private void StopIfAllAreRefusedAlike(List<BatchItemAnswer> answers)
    {
        if (tally.Submitted > 0 || answers.Count < 2 || answers[0].Problem is not { Code: { } code } problem) return;
        if (ApiRefusedException.MayPass(answers[0].Status) || answers.Any(item => item.Problem?.Code != code)) return;

        throw new CliException(ExitCode.Usage, new ApiRefusedException(answers[0].Status, problem).Message, "Every task of the first batch was refused so; nothing was handed in.");
    }
}
