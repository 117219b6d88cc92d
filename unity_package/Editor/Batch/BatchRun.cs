// BatchRun: goes through a manifest: looks, makes what is missing or stale, and says what became of each sky.
using System;
using System.IO;
using UnityEditor;
using UnityEngine;

namespace Skyloom.Editor
{
    internal sealed class BatchRun
    {
        private readonly BatchArguments _arguments;
        private readonly BatchServer _server;
        private readonly BatchReport _report;
        private readonly ImportOptions _options;
        private string _noServer;

        private BatchRun(BatchArguments arguments, BatchServer server, BatchReport report)
        {
            _arguments = arguments;
            _server = server;
            _report = report;
            // The team's compression and limits hold here, too.
            _options = SkyloomProjectSettings.instance.ToImportOptions();
            if (arguments.Overwrite)
            {
                _options.Overwrite = paths => true;
            }
        }

        /// <summary>The whole run; nothing is thrown but what was not foreseen.</summary>
        public static BatchReport Run(BatchArguments arguments, IServerControl control, bool verify)
        {
            var report = new BatchReport();
            SkyManifest manifest;
            try
            {
                manifest = SkyManifest.Load(arguments.Manifest);
            }
            catch (ManifestException error)
            {
                report.Fail(SkyExit.BadArguments, error.Message);
                return report;
            }
            using (var server = new BatchServer(arguments, control, Say))
            {
                var run = new BatchRun(arguments, server, report);
                foreach (var item in manifest.Items)
                {
                    // Looked at one by one: an earlier sky must not change how a later one stands.
                    var finding = item.Entry == null
                        ? new SkyFinding(item.Label, SkyStanding.Broken, item.Error)
                        : SkyVerification.OfEntry(item.Entry);
                    if (verify)
                    {
                        run.Note(finding);
                    }
                    else
                    {
                        run.Bring(finding);
                    }
                }
            }
            AssetDatabase.SaveAssets();
            return report;
        }

        private static void Say(string message) => Debug.Log("Skyloom: " + message);

        private void Note(SkyFinding finding)
        {
            switch (finding.Standing)
            {
                case SkyStanding.Current:
                    Add(finding.Name, SkyOutcome.Unchanged, SkyExit.Done, finding.Message);
                    break;
                case SkyStanding.Broken:
                    Add(finding.Name, SkyOutcome.Failed, SkyExit.BrokenEntry, finding.Message);
                    break;
                default:
                    Add(finding.Name, SkyOutcome.Failed, SkyExit.NotUpToDate, finding.Message);
                    break;
            }
        }

        private void Bring(SkyFinding finding)
        {
            if (finding.Standing == SkyStanding.Current || finding.Standing == SkyStanding.Broken)
            {
                Note(finding);
                return;
            }
            try
            {
                var entry = finding.Entry;
                bool pictures = finding.Standing != SkyStanding.NoMaterial;
                if (pictures)
                {
                    // Before the server works for nothing.
                    SkyOwnership.Ask(SkyImport.Conflicts(entry), _options);
                }
                var sky = pictures
                    ? SkyImport.Import(entry, Generate(entry), _options)
                    : ImportedSky.Load($"{entry.Folder}/{entry.Name}.sky.json");
                SkyMaterials.CreateOrUpdate(sky, _options);
                Add(entry.Name, pictures ? SkyOutcome.Made : SkyOutcome.MaterialMade, SkyExit.Done, $"{entry.Name}: made");
            }
            catch (SkyImportException error)
            {
                Fail(finding.Name, SkyExit.ImportFailed, error.Message);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                Fail(finding.Name, SkyExit.ImportFailed, error.Message);
            }
            catch (InvalidRequestException error)
            {
                Fail(finding.Name, SkyExit.BrokenEntry, error.Message);
            }
            catch (NoServerException error)
            {
                Fail(finding.Name, SkyExit.NoServer, error.Message);
            }
            catch (SkyloomException error)
            {
                Fail(finding.Name, SkyExit.GenerationFailed, error.Message);
            }
        }

        private SkyResult Generate(SkyEntry entry)
        {
            if (_noServer != null)
            {
                throw new NoServerException(_noServer);
            }
            try
            {
                return _server.Generate(entry);
            }
            catch (Exception error) when (error is ServerStartException || error is BatchArgumentException
                || error is ServerUnavailableException || error is UnauthenticatedException
                || error is VersionMismatchException || error is ProtocolException)
            {
                // The next one would wait for the same server in vain.
                _noServer = error.Message;
                throw new NoServerException(_noServer);
            }
        }

        private void Fail(string name, SkyExit exit, string message) =>
            Add(name, SkyOutcome.Failed, exit, message.StartsWith(name + ":", StringComparison.Ordinal) ? message : $"{name}: {message}");

        private void Add(string name, SkyOutcome outcome, SkyExit exit, string message)
        {
            _report.Add(name, outcome, exit, message);
            if (outcome == SkyOutcome.Failed)
            {
                Debug.LogError("Skyloom: " + message);
            }
            else
            {
                Say(message);
            }
        }

        private sealed class NoServerException : Exception
        {
            public NoServerException(string message) : base(message)
            {
            }
        }
    }
}
