// SkyWorkshop: what the window's buttons do, and why they cannot at the moment; no controls here.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Skyloom.Editor
{
    /// <summary>Main thread only.</summary>
    public sealed class SkyWorkshop
    {
        /// <summary>Small skies at a time.</summary>
        public const int CandidateCount = 4;

        /// <summary>Width of their panoramas, pixels.</summary>
        public const uint CandidateWidth = 512;

        private const int ThumbnailWidth = 160;
        private const int ThumbnailHeight = 90;

        /// <summary>No more pixels around the horizon are kept for looking around: a screen shows fewer.</summary>
        private const int MaxViewWidth = 4096;

        private readonly SkyRunner _runner;
        private readonly SkyHistory _history;
        private readonly IPictureCodec _codec;
        private readonly IProjectDesk _desk;
        private readonly Func<ServerChoice> _choice;
        private readonly Random _random;
        private readonly List<SkyCandidate> _candidates = new List<SkyCandidate>();

        private IReadOnlyList<HistoryItem> _items;

        internal SkyWorkshop(
            SkyRunner runner, SkyHistory history, IPictureCodec codec, IProjectDesk desk, Func<ServerChoice> choice,
            Random random = null)
        {
            _runner = runner;
            _history = history;
            _codec = codec;
            _desk = desk;
            _choice = choice;
            _random = random ?? new Random();
            _runner.Changed += () =>
            {
                TakeCandidates();
                Changed?.Invoke();
            };
            _runner.Ended += OnEnded;
        }

        /// <summary>Anything is new.</summary>
        public event Action Changed;

        /// <summary>The fields; the window owns them.</summary>
        public SkyForm Form { get; set; } = new SkyForm();

        /// <summary>The run at work or the latest one; null before the first.</summary>
        public SkyRun Run => _runner.Run;

        /// <summary>Whether a run is at work.</summary>
        public bool IsRunning => _runner.IsRunning;

        /// <summary>The small skies, in the order of their jobs.</summary>
        public IReadOnlyList<SkyCandidate> Candidates => _candidates;

        /// <summary>What is looked at; null before the first sky.</summary>
        public ShownSky Shown { get; private set; }

        /// <summary>What was done last, or why it could not be; "" before anything.</summary>
        public string Notice { get; private set; } = "";

        /// <summary>Whether <see cref="Notice"/> is bad news.</summary>
        public bool NoticeIsError { get; private set; }

        /// <summary>The skies that were made, the newest first.</summary>
        public IReadOnlyList<HistoryItem> History => _items = _items ?? _history.Items();

        /// <summary>Why nothing can be generated now, "" when it can.</summary>
        public string GenerateBlocked
        {
            get
            {
                if (IsRunning)
                {
                    return Texts.Tr("A sky is being made; wait for it, or cancel it.");
                }
                if (!_choice().IsPossible)
                {
                    return Texts.Tr("There is no backend yet: install it below, or give a server's address in Preferences > Skyloom.");
                }
                return Form.Problem;
            }
        }

        /// <summary>Why nothing can be cancelled now, "" when it can.</summary>
        public string CancelBlocked => !IsRunning ? Texts.Tr("Nothing is being made.")
            : Run.Cancelling ? Texts.Tr("It is being cancelled: the server stops before its next stage.") : "";

        /// <summary>Why no material can be made now, "" when it can.</summary>
        public string MaterialBlocked
        {
            get
            {
                if (Shown == null)
                {
                    return Texts.Tr("Generate a sky first, or show one of the history.");
                }
                if (Shown.Item == null)
                {
                    return Texts.Tr("This is a small candidate; make it at full size first.");
                }
                return Shown.Item.HasPictures ? "" : Texts.Tr("Its pictures are no longer kept; reuse its settings and generate it again.");
            }
        }

        /// <summary>Why the sky cannot be put into the scene now, "" when it can.</summary>
        public string ApplyBlocked => MaterialBlocked.Length > 0 ? MaterialBlocked : _desk.ApplyProblem(Shown.Item.Entry.Kind);

        /// <summary>Takes up a run of an earlier domain, and its candidates.</summary>
        public void Resume()
        {
            if (_runner.Resume() && Run.Purpose == RunPurpose.Candidates)
            {
                BeginCandidates(Run.Jobs.Select(job => job.Entry.Recipe.Seed));
            }
        }

        /// <summary>Makes the sky of the form at full size.</summary>
        public void Generate()
        {
            if (!Blocked(GenerateBlocked))
            {
                Say("", false);
                _runner.Start(RunPurpose.Sky, new[] { Form.ToEntry() });
            }
        }

        /// <summary>Makes small skies: one of the form's seed, and others.</summary>
        public void MakeCandidates()
        {
            if (Blocked(GenerateBlocked))
            {
                return;
            }
            Say("", false);
            var seeds = new List<uint> { Form.seed };
            while (seeds.Count < CandidateCount)
            {
                uint seed = NextSeed();
                if (!seeds.Contains(seed))
                {
                    seeds.Add(seed);
                }
            }
            BeginCandidates(seeds);
            _runner.Start(RunPurpose.Candidates, seeds.Select(seed => Form.ToCandidate(seed, CandidateWidth)).ToArray());
        }

        /// <summary>Takes a candidate's seed into the form and shows it.</summary>
        public void Pick(SkyCandidate candidate)
        {
            Form.seed = candidate.Seed;
            if (candidate.Picture != null)
            {
                Shown = new ShownSky(Texts.Tr("Candidate, seed {0}", candidate.Seed), new PanoramaSampler(candidate.Picture), null);
            }
            Say(Texts.Tr("Seed {0} is chosen; Generate makes it at full size.", candidate.Seed), false);
        }

        /// <summary>Another seed, at random.</summary>
        public void RollSeed()
        {
            Form.seed = NextSeed();
            Changed?.Invoke();
        }

        /// <summary>Cancels the run.</summary>
        public void Cancel() => _runner.Cancel();

        /// <summary>Shows a sky of the history.</summary>
        public void Show(HistoryItem item)
        {
            var result = _history.Load(item);
            if (result == null)
            {
                Say(Texts.Tr("Its pictures are no longer kept; reuse its settings and generate it again."), true);
                return;
            }
            Show(item, result);
            Say("", false);
        }

        /// <summary>Shows the latest sky, if there is one and nothing is shown yet.</summary>
        public void ShowLatest()
        {
            var latest = Shown == null ? History.FirstOrDefault(item => item.HasPictures) : null;
            if (latest != null)
            {
                Show(latest);
            }
        }

        /// <summary>Takes a sky's settings into the form.</summary>
        public void Reuse(HistoryItem item)
        {
            Form.Reuse(item.Entry);
            Say(Texts.Tr("The settings of {0} are in the fields.", item.Entry.Name), false);
        }

        /// <summary>Forgets a sky of the history.</summary>
        public void Delete(HistoryItem item)
        {
            _history.Delete(item);
            _items = null;
            if (Shown?.Item?.Id == item.Id)
            {
                Shown = null;
            }
            Say(Texts.Tr("{0} is no longer in the history; what was made of it in the project stays.", item.Entry.Name), false);
        }

        /// <summary>Makes the material of the shown sky.</summary>
        public void CreateMaterial(bool replace) => Make(replace, (entry, result) =>
            Texts.Tr("Material: {0}", _desk.CreateMaterial(entry, result, replace)));

        /// <summary>Makes it and puts the sky into the scene.</summary>
        public void Apply(bool replace, SceneOptions options)
        {
            if (!Blocked(ApplyBlocked))
            {
                Make(replace, (entry, result) =>
                    Texts.Tr("In the scene: {0}. Undo takes it out again.", _desk.Apply(entry, result, replace, options)));
            }
        }

        /// <summary>Says something in the window.</summary>
        public void Say(string notice, bool error)
        {
            Notice = notice;
            NoticeIsError = error;
            Changed?.Invoke();
        }

        /// <summary>Tells that something outside is new: what blocked a button may not any more.</summary>
        public void Refresh() => Changed?.Invoke();

        private uint NextSeed()
        {
            var bytes = new byte[4];
            _random.NextBytes(bytes);
            return BitConverter.ToUInt32(bytes, 0);
        }

        private bool Blocked(string reason)
        {
            if (reason.Length > 0)
            {
                Say(reason, true);
            }
            return reason.Length > 0;
        }

        private void Make(bool replace, Func<SkyEntry, SkyResult, string> make)
        {
            if (Blocked(MaterialBlocked))
            {
                return;
            }
            var result = _history.Load(Shown.Item);
            if (result == null)
            {
                Blocked(Texts.Tr("Its pictures were changed or are gone; reuse its settings and generate it again."));
                return;
            }
            var entry = SkyManifest.Parse(SkyManifest.Write(new[] { Shown.Item.Entry })).Items[0].Entry;
            if (!replace)
            {
                entry.Name = _desk.FreeName(entry);
            }
            try
            {
                Say(make(entry, result), false);
            }
            catch (Exception error) when (error is SkyImportException || error is IOException
                || error is UnauthorizedAccessException || error is ManifestException || error is InvalidRequestException)
            {
                Say(error.Message, true);
            }
        }

        private void BeginCandidates(IEnumerable<uint> seeds)
        {
            _candidates.Clear();
            _candidates.AddRange(seeds.Select(seed => new SkyCandidate(seed, null)));
        }

        private void TakeCandidates()
        {
            if (Run == null || Run.Purpose != RunPurpose.Candidates || Run.Jobs.Count != _candidates.Count)
            {
                return;
            }
            for (int i = 0; i < _candidates.Count; i++)
            {
                if (_candidates[i].Picture == null && Run.Jobs[i].Result != null)
                {
                    _candidates[i].Picture = _codec.Decode(Run.Jobs[i].Result.Images[0].Data);
                }
            }
        }

        private void OnEnded(SkyRun run)
        {
            if (run.Purpose == RunPurpose.Sky && run.End == RunEnd.Done)
            {
                Keep(run.Jobs[0]);
            }
            else
            {
                _candidates.RemoveAll(candidate => candidate.Picture == null);
                Say(run.Status, run.End == RunEnd.Failed);
            }
        }

        private void Keep(RunJob job)
        {
            try
            {
                var sampler = Sampler(job.Entry.Kind, job.Result);
                var thumbnail = PreviewRenderer.Render(sampler, new PreviewCamera(), ThumbnailWidth, ThumbnailHeight);
                var item = _history.Add(job.Entry, job.Result, _codec.EncodePng(thumbnail), DateTime.UtcNow);
                _items = null;
                Shown = new ShownSky(job.Entry.Name, sampler, item);
                Say(Texts.Tr("{0} is ready. Create a material, or apply it to the scene.", job.Entry.Name), false);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is FormatException || error is ArgumentException)
            {
                Say(Texts.Tr("The sky was made but cannot be kept: {0}", error.Message), true);
            }
        }

        private void Show(HistoryItem item, SkyResult result)
        {
            try
            {
                Shown = new ShownSky(item.Entry.Name, Sampler(item.Entry.Kind, result), item);
            }
            catch (Exception error) when (error is FormatException || error is ArgumentException)
            {
                Say(error.Message, true);
            }
        }

        private SkySampler Sampler(SkyKind kind, SkyResult result)
        {
            int width = kind == SkyKind.SixSided ? MaxViewWidth / 4 : MaxViewWidth;
            return SkySampler.Of(kind, result.Images.ToDictionary(image => image.Name, image => _codec.Decode(image.Data).Shrunk(width)));
        }
    }
}
